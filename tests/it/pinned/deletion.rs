//! `kua delete`: asked for, kept, and done by a second coordinator.

use super::transcript::Transcript;

#[test]
fn reports_are_deleted_and_kept() {
    let mut told = Transcript::new();
    let [first, second, third, fourth] = [0, 1, 2, 4].map(|sample| told.submitted(sample, ""));
    let (one, two, three, four) = (first.short(), second.short(), third.short(), fourth.short());
    told.by("Aigul", &format!("delete LINK {one}"));
    told.by("Aigul", &format!("delete LINK {one}"));
    told.by("Aigul", &format!("delete LINK {two} {three} --json"));
    told.by("Marat", "inbox LINK --delete-asked --place nowhere");
    told.listed_by("Marat", "inbox LINK --delete-asked --json");
    told.by("Marat", &format!("delete LINK {one} --keep"));
    told.by("Marat", &format!("delete LINK {two}"));
    told.by("Marat", &format!("delete LINK {three} --keep --json"));
    told.by("Marat", &format!("delete LINK {three} --keep"));
    told.by("Marat", &format!("delete LINK {two}"));
    told.by("Aigul", &format!("open LINK {two}"));

    told.remark("By filters, and of several at once.");
    told.by("Aigul", "delete LINK --search угрозу");
    told.by("Aigul", "delete LINK --search угрозу --yes");
    told.by("Aigul", "delete LINK --search nowhere --yes");
    told.by("Aigul", "delete LINK --search nowhere --yes --json");
    told.by("Marat", "delete LINK --delete-asked --yes --json");
    told.by("Aigul", &format!("delete LINK {four}"));
    told.by("Aigul", &format!("delete LINK {three} {one}"));
    told.by("Marat", "delete LINK --delete-asked --keep");
    told.listed_by("Marat", "delete LINK --delete-asked --keep --yes --json");
    told.by("Aigul", "delete LINK");
    told.by("Marat", &format!("custody LINK {one}"));
    told.pin("deletion");
}
