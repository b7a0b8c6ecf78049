//! Takes the wanted values out of one entry while it is read. Names are compared without letter case (RFC 7643, section
//! 2.1), with a quick look for the usual spelling first; what is not wanted is skipped without being built.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{cut, path::Path};

/// Attributes by name, with what is wanted below each.
#[derive(Debug, Default)]
pub(super) struct Node {
    name: String,
    /// The columns that take a plain value here, each with the `type` that it wants of several.
    leaves: Vec<(usize, Option<String>)>,
    children: Vec<Node>,
}

impl Node {
    /// Column `index` takes what stands at `path`.
    pub(super) fn add(&mut self, path: &Path, index: usize) {
        let mut node = self;
        let part = match path.part.as_deref() {
            // `emails` alone, and `manager.value`: a plain value, or the `value` of an object.
            Some(part) if part.eq_ignore_ascii_case("value") => None,
            part => part,
        };
        for name in [path.schema.as_deref(), Some(path.name.as_str()), part].into_iter().flatten() {
            node = node.child(name);
        }
        node.leaves.push((index, path.kind.clone()));
    }

    fn child(&mut self, name: &str) -> &mut Self {
        let place = self.children.iter().position(|child| child.name.eq_ignore_ascii_case(name));
        let place = place.unwrap_or_else(|| {
            self.children.push(Self { name: name.to_owned(), ..Self::default() });
            self.children.len() - 1
        });
        &mut self.children[place]
    }

    fn find(&self, name: &str) -> Option<&Self> {
        let exact = self.children.iter().find(|child| child.name == name);
        exact.or_else(|| self.children.iter().find(|child| child.name.eq_ignore_ascii_case(name)))
    }
}

/// A value in the text of its page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) start: u32,
    pub(super) length: u32,
}

/// The values of the entry being read. Of several for one column the best one stays: that of the wanted type, else the
/// primary one, else the first.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    pub(super) places: Vec<Place>,
    ranks: Vec<u8>,
    /// Those of one element of a list, until its type is known.
    pending: Vec<(usize, Place)>,
}

const OTHER_TYPE: u8 = 1;
const NO_TYPE: u8 = 2;
const PRIMARY: u8 = 3;
const WANTED_TYPE: u8 = 4;

impl Scratch {
    pub(super) fn begin(&mut self, width: usize) {
        self.places.clear();
        self.places.resize(width, Place::default());
        self.ranks.clear();
        self.ranks.resize(width, 0);
        self.pending.clear();
    }

    fn offer(&mut self, column: usize, rank: u8, place: Place) {
        if rank > self.ranks[column] && place.length > 0 {
            (self.ranks[column], self.places[column]) = (rank, place);
        }
    }
}

/// Adds a value to the text of a page, without blanks around it and not longer than is kept.
pub(super) fn keep(text: &mut String, value: &str) -> Place {
    let value = cut(value.trim());
    let start = u32::try_from(text.len()).unwrap_or(u32::MAX);
    text.push_str(value);
    Place { start, length: u32::try_from(value.len()).unwrap_or_default() }
}

/// Reads what stands at a node.
pub(super) struct At<'a> {
    pub(super) node: &'a Node,
    pub(super) text: &'a mut String,
    pub(super) scratch: &'a mut Scratch,
    /// Inside an element of a list.
    pub(super) element: bool,
}

impl At<'_> {
    fn plain(&mut self, value: &str) {
        if self.node.leaves.is_empty() {
            return;
        }
        let place = keep(self.text, value);
        for (column, _) in &self.node.leaves {
            match self.element {
                true => self.scratch.pending.push((*column, place)),
                false => self.scratch.offer(*column, NO_TYPE, place),
            }
        }
    }

    fn at<'b>(&'b mut self, node: &'b Node, element: bool) -> At<'b> {
        At { node, text: self.text, scratch: self.scratch, element }
    }

    /// The attributes of an object, and of an element of a list its `type` and whether it is primary.
    fn object<'de, A: MapAccess<'de>>(&mut self, mut map: A) -> Result<(Option<Place>, bool), A::Error> {
        let (mut kind, mut primary) = (None, false);
        let node = self.node;
        while let Some(name) = map.next_key_seed(Name(node))? {
            match name {
                Named::Child(child) => map.next_value_seed(self.at(child, self.element))?,
                Named::Value if !node.leaves.is_empty() => {
                    let element = self.element;
                    map.next_value_seed(self.at(node, element))?;
                }
                Named::Type if self.element => kind = map.next_value_seed(Plain(self.text))?,
                Named::Primary if self.element => {
                    let before = self.text.len();
                    let place = map.next_value_seed(Plain(self.text))?;
                    primary = place.is_some() && self.text[before..].eq_ignore_ascii_case("true");
                    self.text.truncate(before);
                }
                Named::Value | Named::Type | Named::Primary | Named::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok((kind, primary))
    }

    /// What an element gave, now that its type is known.
    fn settle(&mut self, node: &Node, kind: Option<Place>, primary: bool) {
        let pending = std::mem::take(&mut self.scratch.pending);
        for (column, place) in &pending {
            let wanted = wanted_type(node, *column);
            let is = kind.map(|place| &self.text[place.start as usize..(place.start + place.length) as usize]);
            let rank = match (wanted, is) {
                (Some(wanted), Some(is)) if wanted.eq_ignore_ascii_case(is) => WANTED_TYPE,
                (Some(_), Some(_)) => OTHER_TYPE,
                _ if primary => PRIMARY,
                _ => NO_TYPE,
            };
            self.scratch.offer(*column, rank, *place);
        }
        self.scratch.pending = pending;
        self.scratch.pending.clear();
    }
}

fn wanted_type(node: &Node, column: usize) -> Option<&str> {
    let own = node.leaves.iter().find(|(index, _)| *index == column);
    match own {
        Some((_, kind)) => kind.as_deref(),
        None => node.children.iter().find_map(|child| wanted_type(child, column)),
    }
}

impl<'de> DeserializeSeed<'de> for At<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for At<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an attribute")
    }

    fn visit_str<E>(mut self, value: &str) -> Result<(), E> {
        self.plain(value);
        Ok(())
    }

    fn visit_bool<E>(mut self, value: bool) -> Result<(), E> {
        self.plain(if value { "true" } else { "false" });
        Ok(())
    }

    fn visit_i64<E>(mut self, value: i64) -> Result<(), E> {
        self.plain(&value.to_string());
        Ok(())
    }

    fn visit_u64<E>(mut self, value: u64) -> Result<(), E> {
        self.plain(&value.to_string());
        Ok(())
    }

    fn visit_f64<E>(mut self, value: f64) -> Result<(), E> {
        self.plain(&value.to_string());
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, map: A) -> Result<(), A::Error> {
        self.object(map).map(|_| ())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut all: A) -> Result<(), A::Error> {
        if self.element {
            while all.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(());
        }
        let node = self.node;
        while all.next_element_seed(Element(self.at(node, true)))?.is_some() {}
        Ok(())
    }
}

/// One of several values.
struct Element<'a>(At<'a>);

impl<'de> DeserializeSeed<'de> for Element<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Element<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one of several values")
    }

    fn visit_str<E>(mut self, value: &str) -> Result<(), E> {
        self.0.plain(value);
        self.0.settle(self.0.node, None, false);
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<(), E> {
        self.visit_str(&value.to_string())
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<(), E> {
        self.visit_str(&value.to_string())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, map: A) -> Result<(), A::Error> {
        let (kind, primary) = self.0.object(map)?;
        self.0.settle(self.0.node, kind, primary);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<(), A::Error> {
        while all.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }
}

/// A name, as far as it matters at a node.
enum Named<'a> {
    Child(&'a Node),
    Value,
    Type,
    Primary,
    Other,
}

struct Name<'a>(&'a Node);

impl<'de, 'a> DeserializeSeed<'de> for Name<'a> {
    type Value = Named<'a>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Named<'a>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'a> Visitor<'_> for Name<'a> {
    type Value = Named<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Named<'a>, E> {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        Ok(match self.0.find(name) {
            Some(child) => Named::Child(child),
            None if is("value") => Named::Value,
            None if is("type") => Named::Type,
            None if is("primary") => Named::Primary,
            None => Named::Other,
        })
    }
}

/// A plain value of any kind as text; objects and lists are skipped.
pub(super) struct Plain<'a>(pub(super) &'a mut String);

impl<'de> DeserializeSeed<'de> for Plain<'_> {
    type Value = Option<Place>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Place>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Plain<'_> {
    type Value = Option<Place>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, value: &str) -> Result<Option<Place>, E> {
        let place = keep(self.0, value);
        Ok((place.length > 0).then_some(place))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Option<Place>, E> {
        Ok(Some(keep(self.0, if value { "true" } else { "false" })))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Option<Place>, E> {
        Ok(Some(keep(self.0, &value.to_string())))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Option<Place>, E> {
        Ok(Some(keep(self.0, &value.to_string())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Option<Place>, E> {
        Ok(Some(keep(self.0, &value.to_string())))
    }

    fn visit_unit<E>(self) -> Result<Option<Place>, E> {
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<Place>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Option<Place>, A::Error> {
        while all.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}
