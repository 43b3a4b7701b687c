//! The reader of frames: `cd crates/store-local && cargo +nightly fuzz run frame`.
//!
//! Bytes with a good checksum are tried too, since chance hardly ever makes one. Whatever is read is written again
//! the same, but for the byte that has no meaning yet.
#![no_main]

use kua_store::{Kind, MAX_FILE_LEN, MAX_OBJECT_LEN, Owner};
use libfuzzer_sys::fuzz_target;

#[allow(dead_code)]
#[path = "../../src/segments/frame.rs"]
mod frame;

use frame::{HEADER_LEN, Header};

fuzz_target!(|bytes: &[u8]| {
    let marker = *b"a marker";
    let _ = Header::parse(bytes, marker);
    let mut header = [0; HEADER_LEN];
    let len = bytes.len().min(HEADER_LEN);
    header[..len].copy_from_slice(&bytes[..len]);
    header[..8].copy_from_slice(&marker);
    let checksum = crc32c::crc32c(&header[..88]).to_be_bytes();
    header[88..].copy_from_slice(&checksum);
    if let Ok(parsed) = Header::parse(&header, marker) {
        assert!(parsed.frame_len() <= MAX_OBJECT_LEN + HEADER_LEN as u64);
        assert!(parsed.len <= MAX_FILE_LEN);
        assert_eq!(Header::parse(&parsed.encode(marker), marker), Ok(parsed));
    }
});
