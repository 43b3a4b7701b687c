//! For Uwazi, HURIDOCS' database: an archive for each type of entity, to be imported in the order of their names.
//!
//! Which templates and thesauri a collection needs stands in `docs/src/coordinators/uwazi.md`. The rules are those of Uwazi's
//! own import: <https://docs.uwazi.io/docs/reference/csv-import/>.

mod cells;
mod entities;
mod languages;
mod rows;

use std::io::Read;

use crate::folder::Folder;
use crate::form::Form;
use crate::told::{File, Told};
use crate::{Error, Words};

use entities::Entities;
use languages::Languages;

/// The archives as they are written.
pub(crate) struct Uwazi {
    languages: Languages,
    persons: Entities,
    sources: Entities,
    interventions: Entities,
    events: Entities,
}

impl Uwazi {
    pub(crate) fn begin(words: Vec<Box<dyn Words>>) -> Result<Self, Error> {
        let languages = Languages::new(words)?;
        Ok(Self {
            persons: Entities::new("1-persons", rows::person_columns(&languages)),
            sources: Entities::new("2-sources", rows::source_columns(&languages)),
            interventions: Entities::new("3-interventions", rows::intervention_columns()),
            events: Entities::new("4-events", rows::event_columns(&languages)),
            languages,
        })
    }
}

impl Form for Uwazi {
    /// At the root of the archive; told apart by the report's number.
    fn path_of(&self, told: &Told, file: &File) -> Option<String> {
        // Names of files are parted by bars, too, and Uwazi trims the last one.
        Some(format!("{}-{}", told.number(), file.name.as_deref()?.replace('|', "∣").trim_end()))
    }

    fn add(&mut self, folder: &mut Folder, told: &Told) -> Result<(), Error> {
        let [victims, perpetrators] =
            [rows::victims(told, &self.languages), rows::perpetrators(told, &self.languages)];
        let sources = rows::sources(told, &self.languages);
        let interventions = rows::interventions(told);
        let event = rows::event(told, &self.languages, [&victims, &perpetrators, &sources, &interventions]);
        for row in victims.iter().chain(&perpetrators) {
            self.persons.add(folder, row, 0)?;
        }
        for row in &sources {
            self.sources.add(folder, row, 0)?;
        }
        for row in &interventions {
            self.interventions.add(folder, row, 0)?;
        }
        let files = told.attachments.iter().filter(|file| file.path.is_some()).map(|file| file.size).sum();
        self.events.add(folder, &event, files)
    }

    fn attach(
        &mut self,
        folder: &mut Folder,
        path: &str,
        file: &File,
        content: &mut dyn Read,
    ) -> Result<(), Error> {
        self.events.attach(folder, path, file, content)
    }

    fn finish(mut self: Box<Self>, folder: &mut Folder) -> Result<(), Error> {
        [&mut self.persons, &mut self.sources, &mut self.interventions, &mut self.events]
            .into_iter()
            .try_for_each(|entities| entities.end(folder))
    }
}
