//! Forms that arrive in pieces of every size.

use proptest::prelude::*;

use super::*;

const HEAD: &str = "--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"r.age\"\r\n\r\n";
const SEALED: &[u8] = b"age-encryption.org/v1\n-> x\n\n--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n";

fn form(file: &[u8]) -> Vec<u8> {
    [HEAD.as_bytes(), file, b"\r\n--xyz--\r\n"].concat()
}

/// What is read of a form that arrives in pieces of this size.
async fn read(form: &[u8], total: usize, piece: usize) -> Result<Vec<u8>, ApiError> {
    let mut headers = HeaderMap::new();
    headers
        .insert(header::CONTENT_TYPE, header::HeaderValue::from_static("multipart/form-data; boundary=xyz"));
    headers.insert(header::CONTENT_LENGTH, total.into());
    let pieces: Vec<_> =
        form.chunks(piece).map(Bytes::copy_from_slice).map(Ok::<_, std::io::Error>).collect();
    let mut part = Part::begin(&headers, Body::from_stream(stream::iter(pieces))).await?;
    part.check_sealed().await?;
    let len = part.len();
    let file = part.into_body().collect().await.map_err(|_| Kind::OtherBody)?.to_bytes();
    assert_eq!(file.len() as u64, len);
    Ok(file.to_vec())
}

fn at_once(form: &[u8], piece: usize) -> Result<Vec<u8>, ApiError> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(read(form, form.len(), piece))
}

fn kind(form: &[u8]) -> Kind {
    at_once(form, 7).unwrap_err().kind()
}

proptest! {
    #[test]
    fn a_file_comes_out_as_it_went_in(rest in proptest::collection::vec(any::<u8>(), 0..300), piece in 1usize..400) {
        let file = [SEALED, &rest].concat();
        prop_assert_eq!(at_once(&form(&file), piece), Ok(file));
    }

    #[test]
    fn a_second_part_is_seen_wherever_the_pieces_end(piece in 1usize..120, before in 0usize..40) {
        let two = [SEALED, &vec![b'-'; before], b"\r\n--xyz\r\n\r\nmore"].concat();
        prop_assert_eq!(at_once(&form(&two), piece).map_err(|error| error.kind()), Err(Kind::OtherBody));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), piece in 1usize..50, head in any::<bool>()) {
        let begun = if head { [HEAD.as_bytes(), &bytes].concat() } else { bytes };
        let _ = at_once(&begun, piece);
    }
}

#[test]
fn plaintext_is_refused_by_its_first_bytes() {
    let text = b"Dear friends, ".repeat(10_000);
    assert_eq!(kind(&form(&text)), Kind::NotSealed);
    assert_eq!(kind(&form(b"age-encryption.org/v1\n-> x")), Kind::NotSealed, "cut");
}

#[test]
fn whatever_is_no_form_with_one_file_is_refused() {
    assert_eq!(kind(&form(b"")), Kind::Malformed, "no file chosen");
    assert_eq!(kind(SEALED), Kind::OtherBody, "no head");
    assert_eq!(kind(&b" ".repeat(20_000)), Kind::Malformed, "an endless head");
    let whole = form(&[SEALED, &[7; 50]].concat());
    assert_eq!(kind(&whole[..whole.len() - 2]), Kind::OtherBody, "it does not end as it should");
    assert_eq!(kind(&whole[1..]), Kind::Malformed, "another first line");
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let longer = runtime.block_on(read(&whole, whole.len() + 1, 7)).unwrap_err();
    assert_eq!(longer.kind(), Kind::OtherBody, "it says that it is longer");
}

#[test]
fn boundaries_are_read_as_browsers_write_them() {
    let read = |value: &'static str| {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(value));
        boundary(&headers).map(str::to_owned)
    };
    let gecko = "multipart/form-data; boundary=----geckoformboundary92e1";
    assert_eq!(read(gecko).as_deref(), Some("----geckoformboundary92e1"));
    assert_eq!(read("Multipart/Form-Data;charset=utf-8; Boundary=\"a b\""), None, "a space");
    assert_eq!(read("multipart/form-data; boundary=\"a=b\"").as_deref(), Some("a=b"));
    for bad in
        ["application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=", ""]
    {
        assert_eq!(read(bad), None, "{bad}");
    }
}
