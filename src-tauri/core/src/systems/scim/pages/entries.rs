//! What a page holds: people or groups, as one text and places in it.

use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{
    CREATED, ID, Plan, USER_NAME,
    value::{At, Place, Plain, Scratch, keep},
};

/// The entries of one kind.
pub(crate) trait Entries: Default + Send + 'static {
    /// Reads one more.
    fn entry<'de, A: MapAccess<'de>>(&mut self, plan: &Plan, map: A) -> Result<(), A::Error>;
    /// The ids without their letters, in order.
    fn ids(&self) -> &[u64];
    /// How many of the wanted attributes nobody has: it may be the question that hides them.
    fn lacking(&self, plan: &Plan) -> usize;
}

/// People, with the columns of a [`Plan`].
#[derive(Debug, Default)]
pub(crate) struct PeoplePage {
    text: String,
    places: Vec<Place>,
    width: usize,
    ids: Vec<u64>,
    scratch: Scratch,
}

impl PeoplePage {
    /// A value; empty if there is none.
    pub(crate) fn value(&self, row: usize, column: usize) -> &str {
        at(&self.text, self.places[row * self.width + column])
    }

    /// How many people.
    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    /// The latest `meta.created`, as far as all are written the same way.
    pub(crate) fn newest(&self) -> Option<&str> {
        (0..self.len()).map(|row| self.value(row, CREATED)).max().filter(|created| !created.is_empty())
    }
}

impl Entries for PeoplePage {
    fn entry<'de, A: MapAccess<'de>>(&mut self, plan: &Plan, map: A) -> Result<(), A::Error> {
        self.width = plan.width();
        self.scratch.begin(self.width);
        At { node: &plan.root, text: &mut self.text, scratch: &mut self.scratch, element: false }.visit_map(map)?;
        let places = &mut self.scratch.places;
        match (places[ID].length, places[USER_NAME].length) {
            (0, 0) => return Err(A::Error::custom("an entry has neither “id” nor “userName”")),
            (0, _) => places[ID] = places[USER_NAME],
            (_, 0) => places[USER_NAME] = places[ID],
            _ => {}
        }
        self.ids.push(plan.hash(at(&self.text, places[ID])));
        self.places.extend_from_slice(places);
        Ok(())
    }

    fn ids(&self) -> &[u64] {
        &self.ids
    }

    fn lacking(&self, plan: &Plan) -> usize {
        let nobody_has = |column: &usize| (0..self.len()).all(|row| self.value(row, *column).is_empty());
        if self.len() == 0 { 0 } else { (USER_NAME..plan.width()).filter(nobody_has).count() }
    }
}

/// Groups with their members.
#[derive(Debug, Default)]
pub(crate) struct GroupsPage {
    text: String,
    ids: Vec<u64>,
    groups: Vec<GroupEntry>,
    members: Vec<MemberEntry>,
}

#[derive(Debug, Default, Clone, Copy)]
struct GroupEntry {
    id: Place,
    name: Place,
    /// Where its members begin, and how many it has; `None` if it was sent without the attribute.
    members: Option<(usize, usize)>,
}

#[derive(Debug, Clone, Copy)]
struct MemberEntry {
    hash: u64,
    value: Place,
    display: Place,
}

/// A group of a page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GroupRow<'a> {
    page: &'a GroupsPage,
    entry: GroupEntry,
}

/// A member of a group of a page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MemberRow<'a> {
    /// Its id without its letters, as [`Plan::hash`] makes it.
    pub(crate) hash: u64,
    pub(crate) value: &'a str,
    /// Empty if not sent.
    pub(crate) display: &'a str,
}

impl GroupsPage {
    pub(crate) fn rows(&self) -> impl Iterator<Item = GroupRow<'_>> {
        self.groups.iter().map(|entry| GroupRow { page: self, entry: *entry })
    }
}

impl<'a> GroupRow<'a> {
    pub(crate) fn id(&self) -> &'a str {
        at(&self.page.text, self.entry.id)
    }

    pub(crate) fn name(&self) -> &'a str {
        at(&self.page.text, self.entry.name)
    }

    /// `None` if the server sent no list.
    pub(crate) fn members(&self) -> Option<impl ExactSizeIterator<Item = MemberRow<'a>> + use<'a>> {
        let page = self.page;
        let (begin, length) = self.entry.members?;
        Some(page.members[begin..begin + length].iter().map(move |member| MemberRow {
            hash: member.hash,
            value: at(&page.text, member.value),
            display: at(&page.text, member.display),
        }))
    }
}

impl Entries for GroupsPage {
    fn entry<'de, A: MapAccess<'de>>(&mut self, plan: &Plan, mut map: A) -> Result<(), A::Error> {
        let mut group = GroupEntry::default();
        while let Some(name) = map.next_key_seed(Known(&["id", "displayName", "members"]))? {
            match name {
                Some(0) => group.id = map.next_value_seed(Plain(&mut self.text))?.unwrap_or_default(),
                Some(1) => group.name = map.next_value_seed(Plain(&mut self.text))?.unwrap_or_default(),
                Some(_) => {
                    let begin = self.members.len();
                    let listed = map.next_value_seed(Members { plan, page: self })?;
                    group.members = listed.then_some((begin, self.members.len() - begin));
                }
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        match (group.id.length, group.name.length) {
            (0, 0) => return Err(A::Error::custom("an entry has neither “id” nor “displayName”")),
            (0, _) => group.id = group.name,
            (_, 0) => group.name = group.id,
            _ => {}
        }
        self.ids.push(plan.hash(at(&self.text, group.id)));
        self.groups.push(group);
        Ok(())
    }

    fn ids(&self) -> &[u64] {
        &self.ids
    }

    fn lacking(&self, _: &Plan) -> usize {
        let no_members = self.groups.iter().all(|group| group.members.is_none_or(|(_, length)| length == 0));
        let no_names = self.groups.iter().all(|group| group.name == group.id);
        if self.groups.is_empty() { 0 } else { usize::from(no_members) + usize::from(no_names) }
    }
}

/// The members of one group; whether there was a list at all.
struct Members<'a> {
    plan: &'a Plan,
    page: &'a mut GroupsPage,
}

impl<'de> DeserializeSeed<'de> for Members<'_> {
    type Value = bool;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Members<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a list of members")
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<bool, A::Error> {
        while all.next_element_seed(Member { plan: self.plan, page: self.page })?.is_some() {}
        Ok(true)
    }

    /// A single member without its list.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<bool, A::Error> {
        Member { plan: self.plan, page: self.page }.visit_map(map)?;
        Ok(true)
    }
}

struct Member<'a> {
    plan: &'a Plan,
    page: &'a mut GroupsPage,
}

impl Member<'_> {
    fn add(self, value: Option<Place>, display: Option<Place>) {
        if let Some(value) = value {
            let hash = self.plan.hash(at(&self.page.text, value));
            self.page.members.push(MemberEntry { hash, value, display: display.unwrap_or_default() });
        }
    }
}

impl<'de> DeserializeSeed<'de> for Member<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Member<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a member")
    }

    fn visit_str<E>(self, id: &str) -> Result<(), E> {
        let place = keep(&mut self.page.text, id);
        self.add((place.length > 0).then_some(place), None);
        Ok(())
    }

    fn visit_i64<E: serde::de::Error>(self, id: i64) -> Result<(), E> {
        self.visit_str(&id.to_string())
    }

    fn visit_u64<E: serde::de::Error>(self, id: u64) -> Result<(), E> {
        self.visit_str(&id.to_string())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let (mut value, mut display) = (None, None);
        while let Some(name) = map.next_key_seed(Known(&["value", "display"]))? {
            match name {
                Some(0) => value = map.next_value_seed(Plain(&mut self.page.text))?,
                Some(_) => display = map.next_value_seed(Plain(&mut self.page.text))?,
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        self.add(value, display);
        Ok(())
    }
}

/// Which of some known names it is.
pub(super) struct Known<'a>(pub(super) &'a [&'static str]);

impl<'de> DeserializeSeed<'de> for Known<'_> {
    type Value = Option<usize>;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Known<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Option<usize>, E> {
        let exact = self.0.iter().position(|known| *known == name);
        Ok(exact.or_else(|| self.0.iter().position(|known| known.eq_ignore_ascii_case(name))))
    }
}

fn at(text: &str, place: Place) -> &str {
    &text[place.start as usize..(place.start + place.length) as usize]
}
