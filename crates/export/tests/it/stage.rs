//! Reports to export, words to do it in, and a folder for what comes of it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

use acceptance::samples;
use kua_export::{Case, Error, Export, Files, Format, Link, Made, Note, Record, Step, Words, Written};
use kua_protocol::id::{Digest, DropId, MailboxId, ObjectId, ReportNumber};
use kua_protocol::roster::RecipientText;
use kua_report::{Attachment, Base64Url, Draft, Metadata, Reply, Report, Routing};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A report with what goes with it.
#[derive(Clone)]
pub struct Told {
    pub report: Report,
    pub files: Vec<Vec<u8>>,
    pub case: Case,
    pub id: ObjectId,
}

/// The bytes of attachments, each read as its turn comes.
pub struct Contents<'a>(pub &'a [Vec<u8>]);

impl Files for Contents<'_> {
    fn each(&mut self, take: &mut dyn FnMut(&mut dyn Read) -> Result<(), Error>) -> Result<(), Error> {
        self.0.iter().try_for_each(|content| take(&mut Cursor::new(content)))
    }
}

/// A report of this draft with these files.
pub fn told(draft: Value, files: &[(&str, &[u8])]) -> Told {
    let key = Base64Url::new([7; 32]);
    let recipient = RecipientText::try_from(format!("age1pq1{}", "q".repeat(1952))).unwrap();
    let routing = Routing {
        number: ReportNumber::from_bytes([1; 16]),
        drop: DropId::from_bytes([2; 16]),
        to: vec![key],
        reply: Reply::new(recipient, key),
        thread: None,
    };
    let attachments = files.iter().map(|(name, content)| {
        Attachment::measure(name.parse().unwrap(), "image/jpeg", Metadata::Removed, *content).unwrap()
    });
    let id = ObjectId::of(draft.to_string().as_bytes());
    let report = Report::new(Draft::from_value(draft).unwrap(), routing, attachments.collect()).unwrap();
    let files = files.iter().map(|(_, content)| content.to_vec()).collect();
    Told { report, files, case: Case { status: "new".to_owned(), ..Case::default() }, id }
}

/// Every sample incident, the first of them with a case.
pub fn incidents() -> Vec<Told> {
    let mut incidents: Vec<Told> =
        samples::incidents().into_iter().map(|sample| told(sample.draft, &[])).collect();
    incidents[0].case = case();
    incidents
}

/// A case in which everything was said.
pub fn case() -> Case {
    let note = |text: &str| Note { by: "Айгүл".into(), day: "2010-10-12".into(), text: text.into() };
    Case {
        status: "in-review".into(),
        severity: Some("urgent".into()),
        assignee: Some("Айгүл".into()),
        labels: vec!["mines, Karaganda".into(), "a|b".into(), "=1+1".into()],
        disputed: vec!["status".into()],
        links: vec![Link { to: ObjectId::from_bytes([9; 32]), relation: "same-event".into() }],
        notes: vec![note("called her\n- twice"), note("مرحبا \"quoted\"")],
        replies: vec![note("Was anybody else there?")],
        steps: vec![Step {
            day: "2010-10-12".into(),
            stored: Some("2010-10-14".into()),
            by: "Айгүл".into(),
            what: "status: in review".into(),
            digest: Digest::from_bytes([5; 32]),
            remarks: vec!["the drop took it in two days later".into()],
        }],
        remarks: vec!["after 05050505 two worked at once".into()],
        custody: json!({"format": "kua-custody/1"}).as_object().unwrap().clone(),
    }
}

/// The event that tries everything: a formula, ends of lines, Arabic, marks that turn the direction, signs of every format.
pub fn nasty() -> Value {
    json!({
        "title": "=HYPERLINK(\"http://evil.example\";\"x\")\n+line two, \u{202e}بالعربية",
        "description": "<script>alert(1)</script>\n\n1. *one* | two::three\n    - four & `five` {x}\n;=1+1\r\n@six \"seven\"\tـ كان الاعتقال في الصباح\n",
        "language": "ar",
        "occurred": {"from": "2012-02", "to": "2012-03", "precision": "estimate"},
        "place": {"name": "=A1, ساحة | الجمهورية", "country": "KZ", "lat": -33.5, "lon": 0.1},
        "acts": ["life", "labour", "housing"],
        "victims": [
            {"kind": "individual", "name": "A|B; C=D\\n", "role": "-teacher\nof two", "age": 40, "description": "# tall\n> here"},
            {"kind": "individual", "name": "A|B; C=D\\n"},
            {"kind": "group", "count": 12},
        ],
        "perpetrators": [{"type": "commercial", "name": "@corp", "count": 3, "description": "<b>guards</b>"}],
        "sources": [{"connection": "+7 701 000 00 00", "reliability": "unsure"}],
        "interventions": [{"by": "=lawyer", "result": "\u{a0}none  "}],
        "severity": "low"
    })
}

/// Words of `client/locales`, as far as they stand in one line.
pub struct Locale {
    language: &'static str,
    messages: BTreeMap<String, String>,
}

impl Locale {
    /// All messages of a language in one line.
    pub fn new(language: &'static str) -> Self {
        let locales = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../client/locales");
        let mut messages = BTreeMap::new();
        for file in fs::read_dir(locales.join(language)).unwrap() {
            let text = fs::read_to_string(file.unwrap().path()).unwrap();
            let lines = text.lines().filter_map(|line| line.split_once(" = "));
            messages.extend(lines.map(|(key, text)| (key.to_owned(), text.to_owned())));
        }
        Self { language, messages }
    }

    /// All messages whose keys begin so.
    pub fn keys(&self, prefix: &str) -> Vec<(String, String)> {
        let keys = self.messages.iter().filter(|(key, _)| key.starts_with(prefix));
        keys.map(|(key, text)| (key.clone(), text.clone())).collect()
    }
}

impl Words for Locale {
    fn language(&self) -> &str {
        self.language
    }

    fn say_with(&self, key: &str, args: &[(&str, &str)]) -> String {
        let text = self.messages.get(key).unwrap_or_else(|| panic!("no word {key} in {}", self.language));
        args.iter().fold(text.clone(), |text, (name, value)| text.replace(&format!("{{ ${name} }}"), value))
    }
}

/// An export into a new folder.
pub struct Exported {
    pub folder: TempDir,
    pub written: Written,
}

impl Exported {
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }
}

/// How an export is made in tests.
pub fn made() -> Made {
    Made {
        day: "2010-10-20".parse().unwrap(),
        by: "Aigul".into(),
        drop: DropId::from_bytes([2; 16]),
        drop_name: "Steppe <Watch>".into(),
        redacted: false,
        attachments: true,
    }
}

/// Exports in English.
pub fn export(format: Format, made: Made, told: &[Told]) -> Exported {
    export_in(&["en"], format, made, told)
}

/// Exports in these languages.
pub fn export_in(languages: &[&'static str], format: Format, made: Made, told: &[Told]) -> Exported {
    let folder = tempfile::Builder::new().prefix("kua-export-").tempdir().unwrap();
    let words = languages.iter().map(|language| Box::new(Locale::new(language)) as Box<dyn Words>);
    let mut export = Export::begin(format, folder.path(), made, words.collect()).unwrap();
    for told in told {
        export.add(&mut record(told, &mut Contents(&told.files))).unwrap();
    }
    let written = export.finish().unwrap();
    Exported { folder, written }
}

/// A report as a record.
pub fn record<'a>(told: &'a Told, files: &'a mut dyn Files) -> Record<'a> {
    Record {
        report_id: told.id,
        day: "2010-10-12".parse().unwrap(),
        size: 18_123,
        mailbox: Some(MailboxId::from_bytes([4; 16])),
        report: &told.report,
        case: told.case.clone(),
        files,
    }
}
