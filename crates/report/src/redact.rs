//! Taking out of an event what says who the victims and sources are.

use crate::Event;
use crate::json::Extra;

impl Event {
    /// Gives the same event without what says who its victims and sources are, as far as fields can tell.
    ///
    /// Left out are names (0903) and descriptions (0930, 0944) of victims, how a source came to know (2509), and every
    /// field that this version does not know, wherever it stands. **Free text may still name people**: title,
    /// description, place, roles, and what is said of perpetrators and interventions stays as it was written.
    #[must_use]
    pub fn without_identities(&self) -> Self {
        let mut event = self.clone();
        event.extra = Extra::new();
        for victim in &mut event.victims {
            (victim.name, victim.description) = (None, None);
            victim.extra = Extra::new();
        }
        for source in &mut event.sources {
            source.connection = String::new();
            source.extra = Extra::new();
        }
        event.perpetrators.iter_mut().for_each(|perpetrator| perpetrator.extra = Extra::new());
        event.interventions.iter_mut().for_each(|intervention| intervention.extra = Extra::new());
        event.occurred.iter_mut().for_each(|occurred| occurred.extra = Extra::new());
        event.place.iter_mut().for_each(|place| place.extra = Extra::new());
        event
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::Draft;

    #[test]
    fn nothing_is_left_of_names_contacts_and_unknown_fields() {
        let draft = json!({
            "title": "Eviction", "description": "At dawn.", "phone": "CANARY",
            "occurred": {"from": "2010", "precision": "year", "told_by": "CANARY"},
            "place": {"name": "Almaty", "neighbour": "CANARY"},
            "victims": [{"kind": "individual", "name": "CANARY", "role": "teacher", "age": 40,
                         "description": "CANARY", "email": "CANARY"}],
            "sources": [{"connection": "CANARY", "reliability": "unsure", "phone": "CANARY"}],
            "perpetrators": [{"type": "governmental", "name": "bailiffs", "seen_by": "CANARY"}],
            "interventions": [{"by": "a lawyer", "phone": "CANARY"}],
        });
        let event = Draft::from_value(draft).unwrap().event().without_identities();
        assert_eq!(
            serde_json::to_value(&event).unwrap(),
            json!({
                "title": "Eviction", "description": "At dawn.",
                "occurred": {"from": "2010", "precision": "year"},
                "place": {"name": "Almaty"},
                "victims": [{"kind": "individual", "role": "teacher", "age": 40}],
                "sources": [{"connection": "", "reliability": "unsure"}],
                "perpetrators": [{"type": "governmental", "name": "bailiffs"}],
                "interventions": [{"by": "a lawyer"}],
            })
        );
    }
}
