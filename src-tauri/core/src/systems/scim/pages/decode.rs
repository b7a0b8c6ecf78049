//! A ListResponse (RFC 7644, section 3.4.2), read in one go into the entries of a page.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{
    Plan,
    entries::{Entries, Known},
    value::Plain,
};
use crate::{error::Problem, http::Answer, systems::scim::not_scim};

/// A page, and what the server says about the whole list.
#[derive(Debug, Default)]
pub(super) struct Page<E> {
    pub(super) entries: E,
    pub(super) total: Option<u64>,
    pub(super) next_cursor: Option<String>,
}

/// Reads a 2xx answer. `Resources` may be missing, totals too; one of them or the schema must be there.
pub(super) fn read<E: Entries>(answer: &Answer, plan: &Plan) -> Result<Page<E>, Problem> {
    let body = answer.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&answer.body);
    let mut found = Found { page: Page::default(), is_list: false, odd: None };
    let mut reader = serde_json::Deserializer::from_slice(body);
    let seed = List { plan, found: &mut found };
    let read = seed.deserialize(&mut reader).and_then(|()| reader.end());
    if let Some(odd) = found.odd {
        return Err(not_scim(answer, &odd));
    }
    read.map_err(|error| answer.not_json(&error))?;
    if !found.is_list {
        return Err(not_scim(answer, "it is JSON without “totalResults” and “Resources”"));
    }
    Ok(found.page)
}

struct Found<E> {
    page: Page<E>,
    is_list: bool,
    /// JSON, but not as SCIM has it.
    odd: Option<String>,
}

struct List<'a, E> {
    plan: &'a Plan,
    found: &'a mut Found<E>,
}

impl<'de, E: Entries> DeserializeSeed<'de> for List<'_, E> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

const NAMES: [&str; 4] = ["totalResults", "Resources", "nextCursor", "schemas"];

impl<'de, E: Entries> Visitor<'de> for List<'_, E> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let found = self.found;
        let mut text = String::new();
        while let Some(name) = map.next_key_seed(Known(&NAMES))? {
            text.clear();
            match name {
                Some(0) => {
                    map.next_value_seed(Plain(&mut text))?;
                    found.is_list = true;
                    found.page.total = text.parse().ok();
                }
                Some(1) => {
                    found.is_list = true;
                    map.next_value_seed(Resources { plan: self.plan, found })?;
                }
                Some(2) => {
                    map.next_value_seed(Plain(&mut text))?;
                    found.page.next_cursor = (!text.is_empty()).then(|| text.clone());
                }
                Some(_) => found.is_list |= map.next_value_seed(Schemas)?,
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<(), A::Error> {
        while all.next_element::<IgnoredAny>()?.is_some() {}
        self.found.odd = Some("it is JSON, but not a list as SCIM defines it".to_owned());
        Ok(())
    }
}

/// The entries.
struct Resources<'a, E> {
    plan: &'a Plan,
    found: &'a mut Found<E>,
}

impl<E> Resources<'_, E> {
    fn no_list(self) {
        self.found.odd.get_or_insert_with(|| "“Resources” is not a list".to_owned());
    }
}

impl<'de, E: Entries> DeserializeSeed<'de> for Resources<'_, E> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, E: Entries> Visitor<'de> for Resources<'_, E> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of entries")
    }

    fn visit_unit<D>(self) -> Result<(), D> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<(), A::Error> {
        let found = self.found;
        while all.next_element_seed(Entry { plan: self.plan, found: &mut *found })?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        self.no_list();
        Ok(())
    }

    fn visit_str<D>(self, _: &str) -> Result<(), D> {
        self.no_list();
        Ok(())
    }

    fn visit_bool<D>(self, _: bool) -> Result<(), D> {
        self.no_list();
        Ok(())
    }

    fn visit_i64<D>(self, _: i64) -> Result<(), D> {
        self.no_list();
        Ok(())
    }

    fn visit_u64<D>(self, _: u64) -> Result<(), D> {
        self.no_list();
        Ok(())
    }

    fn visit_f64<D>(self, _: f64) -> Result<(), D> {
        self.no_list();
        Ok(())
    }
}

struct Entry<'a, E> {
    plan: &'a Plan,
    found: &'a mut Found<E>,
}

impl<'de, E: Entries> DeserializeSeed<'de> for Entry<'_, E> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, E: Entries> Visitor<'de> for Entry<'_, E> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let index = self.found.page.entries.ids().len();
        self.found.page.entries.entry(self.plan, map).inspect_err(|error| {
            let why = error.to_string();
            // Broken JSON is told as such, not as a strange entry.
            if why.starts_with("an entry has") {
                let why = why.split(" at line ").next().unwrap_or_default();
                self.found.odd = Some(format!("{why} (Resources[{index}])"));
            }
        })
    }

    fn visit_str<D: serde::de::Error>(self, _: &str) -> Result<(), D> {
        self.strange()
    }

    fn visit_bool<D: serde::de::Error>(self, _: bool) -> Result<(), D> {
        self.strange()
    }

    fn visit_i64<D: serde::de::Error>(self, _: i64) -> Result<(), D> {
        self.strange()
    }

    fn visit_u64<D: serde::de::Error>(self, _: u64) -> Result<(), D> {
        self.strange()
    }

    fn visit_f64<D: serde::de::Error>(self, _: f64) -> Result<(), D> {
        self.strange()
    }

    fn visit_unit<D: serde::de::Error>(self) -> Result<(), D> {
        self.strange()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        self.strange()
    }
}

impl<E: Entries> Entry<'_, E> {
    fn strange<D: serde::de::Error>(self) -> Result<(), D> {
        let index = self.found.page.entries.ids().len();
        self.found.odd = Some(format!("an entry is not an object (Resources[{index}])"));
        Err(D::custom("an entry is not an object"))
    }
}

/// Whether one of them is that of a list.
struct Schemas;

impl<'de> DeserializeSeed<'de> for Schemas {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Schemas {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("schemas")
    }

    fn visit_str<E>(self, schema: &str) -> Result<bool, E> {
        Ok(schema.to_lowercase().ends_with(":listresponse"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<bool, A::Error> {
        let (mut is_list, mut text) = (false, String::new());
        loop {
            text.clear();
            let Some(_) = all.next_element_seed(Plain(&mut text))? else { return Ok(is_list) };
            is_list |= text.to_lowercase().ends_with(":listresponse");
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(false)
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }
}
