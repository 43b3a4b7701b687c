//! A document as someone would scan or write it: one page.

use std::fmt::Write as _;

/// Makes a valid PDF 1.4 of one A4 page with a title, in its metadata in any script, on the page in Latin letters.
pub fn document(title: &str) -> Vec<u8> {
    let title_hex = title.encode_utf16().fold(String::from("FEFF"), |mut hex, unit| {
        _ = write!(hex, "{unit:04X}");
        hex
    });
    // The standard fonts hold no Cyrillic, and brackets and backslashes would end the string.
    let on_page: String = title
        .chars()
        .map(|char| if char.is_ascii_alphanumeric() || " .,;:'-".contains(char) { char } else { '?' })
        .collect();
    let page = format!("BT /F1 18 Tf 72 760 Td ({on_page}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> >> >>"
            .to_owned(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{page}\nendstream", page.len()),
        format!("<< /Title <{title_hex}> /Author <FEFF004B0075006100200053> >>"),
    ];
    let mut pdf = String::from("%PDF-1.4\n");
    let mut offsets = Vec::new();
    for (number, object) in (1..).zip(&objects) {
        offsets.push(pdf.len());
        _ = write!(pdf, "{number} 0 obj\n{object}\nendobj\n");
    }
    let start = pdf.len();
    let count = objects.len() + 1;
    _ = write!(pdf, "xref\n0 {count}\n0000000000 65535 f \n");
    for offset in offsets {
        _ = writeln!(pdf, "{offset:010} 00000 n ");
    }
    _ = write!(
        pdf,
        "trailer\n<< /Size {count} /Root 1 0 R /Info {} 0 R >>\nstartxref\n{start}\n%%EOF\n",
        objects.len()
    );
    pdf.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_offset_points_to_its_object() {
        for title in ["", "Medical certificate", "Справка (№ 1)", "\\) 😀"] {
            let pdf = String::from_utf8(document(title)).unwrap();
            assert!(pdf.starts_with("%PDF-1.4\n") && pdf.ends_with("%%EOF\n"));
            let start: usize = pdf.lines().rev().nth(1).unwrap().parse().unwrap();
            let table: Vec<&str> = pdf[start..].lines().collect();
            assert_eq!(table[0], "xref");
            let count: usize = table[1].strip_prefix("0 ").unwrap().parse().unwrap();
            for number in 1..count {
                let line = table[2 + number];
                assert!(line.ends_with(" 00000 n ") && line.len() == 19, "{line}");
                let offset: usize = line[..10].parse().unwrap();
                assert!(pdf[offset..].starts_with(&format!("{number} 0 obj\n")), "{title}: object {number}");
            }
            let (head, stream) = pdf.split_once("\nstream\n").unwrap();
            let length: usize =
                head.rsplit_once("/Length ").unwrap().1.trim_end_matches(" >>").parse().unwrap();
            assert!(stream[length..].starts_with("\nendstream"));
        }
    }

    #[test]
    fn the_title_is_kept_in_any_script() {
        assert!(String::from_utf8(document("Ж")).unwrap().contains("/Title <FEFF0416>"));
    }
}
