//! The table read again by rules of our own making: RFC 4180, then one apostrophe less.

use kua_export::{Format, unguarded};

use crate::stage::{Told, case, export, incidents, made, nasty, told};

/// RFC 4180, section 2, and nothing more.
fn parse(text: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut chars = text.chars().peekable();
    while chars.peek().is_some() {
        let mut row = Vec::new();
        loop {
            assert_eq!(chars.next(), Some('"'), "every cell is in quotes");
            let mut cell = String::new();
            loop {
                match chars.next().unwrap() {
                    '"' if chars.peek() == Some(&'"') => cell.extend(chars.next()),
                    '"' => break,
                    char => cell.push(char),
                }
            }
            row.push(cell);
            match chars.next().unwrap() {
                ',' => {}
                '\r' => break assert_eq!(chars.next(), Some('\n')),
                other => panic!("{other:?} behind a cell"),
            }
        }
        rows.push(row);
    }
    rows
}

/// The cells of one column.
fn column(rows: &[Vec<String>], name: &str) -> Vec<String> {
    let at = rows[0].iter().position(|column| column == name).unwrap();
    rows[1..].iter().map(|row| unguarded(&row[at])).collect()
}

/// `name=value; name=value` as the documentation describes it.
fn fields(line: &str) -> Vec<(String, String)> {
    let mut fields = vec![String::new()];
    let mut chars = line.chars();
    while let Some(char) = chars.next() {
        match char {
            '\\' => fields.last_mut().unwrap().push(match chars.next().unwrap() {
                'n' => '\n',
                'r' => '\r',
                other => other,
            }),
            ';' => {
                assert_eq!(chars.next(), Some(' '));
                fields.push(String::new());
            }
            char => fields.last_mut().unwrap().push(char),
        }
    }
    let parted = fields.iter().map(|field| field.split_once('=').unwrap());
    parted.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn table(told: &[Told]) -> Vec<Vec<String>> {
    let text = export(Format::Csv, made(), told).text("reports.csv");
    parse(text.strip_prefix('\u{feff}').unwrap())
}

#[test]
fn every_incident_comes_back_equal() {
    let mut all = incidents();
    all.push(Told { case: case(), ..told(nasty(), &[("a;b.jpg", b"x")]) });
    let rows = table(&all);
    let events = || all.iter().map(|told| told.report.event());
    assert!(events().map(|event| event.title.clone()).eq(column(&rows, "title")));
    assert!(events().map(|event| event.description.clone()).eq(column(&rows, "description")));
    let places =
        events().map(|event| event.place.as_ref().and_then(|place| place.name.clone()).unwrap_or_default());
    assert!(places.eq(column(&rows, "place")));
    let acts = events().map(|event| event.acts.iter().map(|act| act.code()).collect::<Vec<_>>().join("; "));
    assert!(acts.eq(column(&rows, "acts")));
    assert_eq!(column(&rows, "lat").last().unwrap(), "-33.5");
    let victims = column(&rows, "victims");
    let victims: Vec<_> = victims.last().unwrap().lines().map(fields).collect();
    let expected = &all.last().unwrap().report.event().victims;
    assert_eq!(victims.len(), expected.len());
    for (found, victim) in victims.iter().zip(expected) {
        let value =
            |name: &str| found.iter().find(|(field, _)| field == name).map(|(_, value)| value.clone());
        assert_eq!(value("kind").unwrap(), victim.kind.code());
        assert_eq!((value("name"), value("role")), (victim.name.clone(), victim.role.clone()));
        assert_eq!(value("description"), victim.description);
        assert_eq!(value("age"), victim.age.map(|age| age.to_string()));
    }
    assert_eq!(column(&rows, "labels").last().unwrap(), "mines, Karaganda; a|b; =1+1");
}

#[test]
fn no_cell_begins_a_formula_wherever_a_spreadsheet_parts_it() {
    let rows = table(&[Told { case: case(), ..told(nasty(), &[]) }]);
    let numbers = ["lat", "lon"];
    for (name, cell) in rows[0].iter().zip(&rows[1]) {
        for part in cell.split([',', ';', '\t', '\r', '\n', '"']) {
            let begins = part.starts_with(['=', '+', '-', '@']);
            assert!(!begins || numbers.contains(&name.as_str()), "{name}: {cell:?}");
        }
    }
}

#[test]
fn a_note_of_a_megabyte_comes_back() {
    let mut sample = told(nasty(), &[]);
    sample.case = case();
    let note = "ұзақ; \"сөз\"\n".repeat(60_000);
    assert!(note.len() > 1 << 20);
    sample.case.notes[0].text.clone_from(&note);
    let cell = column(&table(&[sample]), "notes").remove(0);
    let fields = fields(cell.lines().next().unwrap());
    assert_eq!(fields[2], ("text".to_owned(), note));
}
