//! Made-up people: who number so-and-so is, and which number a user name has. Nothing is kept of them, so a million take no
//! more room than one.

use std::collections::HashSet;

use super::{
    dice::{self, Dice, Purpose, below},
    names::{DEPARTMENTS, PLACES, Place, TITLES},
    series::Series,
};

const DOMAIN: &str = "fabrikam.example";
/// Where the addresses were before.
pub(super) const FORMER_DOMAIN: &str = "old.fabrikam.example";

/// As the identity provider has somebody.
pub(super) struct Person {
    /// In lower case, as the targets keep it.
    pub(super) user_name: String,
    /// As the identity provider writes it: some began with capitals once.
    pub(super) written: String,
    pub(super) given: &'static str,
    pub(super) family: &'static str,
    pub(super) display: String,
    pub(super) email: String,
    pub(super) title: &'static str,
    pub(super) department: &'static str,
    pub(super) phone: String,
    pub(super) city: &'static str,
    pub(super) place: &'static Place,
}

impl Person {
    /// The part of the address before the @.
    pub(super) fn nickname(&self) -> &str {
        self.user_name.split('@').next().unwrap_or_default()
    }

    /// As Entra's mapping joins the two names.
    pub(super) fn formatted(&self) -> String {
        format!("{} {}", self.given, self.family)
    }
}

/// A given and a family name of one place.
#[derive(Clone, Copy)]
struct Pair {
    place: &'static Place,
    given: (&'static str, &'static str),
    family: (&'static str, &'static str),
}

impl Pair {
    fn address(&self) -> String {
        format!("{}.{}", self.given.1, self.family.1)
    }
}

/// Every pair of names, in the seed's order.
pub(super) struct Names {
    seed: u64,
    pairs: Vec<Pair>,
    addresses: Series,
}

impl Names {
    pub(super) fn new(seed: u64) -> Names {
        let mut pairs: Vec<Pair> = PLACES.iter().flat_map(pairs_of).collect();
        Dice::new(seed, Purpose::Names).shuffle(&mut pairs);
        let mut seen = HashSet::with_capacity(pairs.len());
        pairs.retain(|pair| seen.insert(pair.address()));
        let addresses = Series::new(pairs.iter().map(Pair::address).collect(), "");
        Names { seed, pairs, addresses }
    }

    pub(super) fn person(&self, number: u32) -> Person {
        let pair = self.pairs[self.addresses.word(number)];
        let user_name = format!("{}@{DOMAIN}", self.addresses.name(number));
        let mut bits = dice::mix(self.seed, Purpose::Person, number);
        let mut roll = |sides: usize| {
            let rolled = below(bits, sides);
            bits = bits.rotate_right(11);
            rolled
        };
        let place = pair.place;
        Person {
            written: if roll(40) == 0 { capitals(&user_name) } else { user_name.clone() },
            email: user_name.clone(),
            user_name,
            given: pair.given.0,
            family: pair.family.0,
            display: place.written(pair.given.0, pair.family.0),
            title: TITLES[roll(TITLES.len())],
            department: DEPARTMENTS[roll(DEPARTMENTS.len())],
            phone: format!("{} {:07}", place.dial, roll(10_000_000)),
            city: place.cities[roll(place.cities.len())],
            place,
        }
    }

    /// Who has this address, in any case. Whether somebody with this number is there at all is another question.
    pub(super) fn number(&self, address: &str) -> Option<u32> {
        let (nickname, domain) = address.rsplit_once('@')?;
        let ours = [DOMAIN, FORMER_DOMAIN].into_iter().any(|own| own.eq_ignore_ascii_case(domain));
        self.nicknamed(nickname).filter(|_| ours)
    }

    pub(super) fn nicknamed(&self, nickname: &str) -> Option<u32> {
        self.addresses.number(nickname)
    }

    /// Another given and family name from where this person is from.
    pub(super) fn other(&self, number: u32) -> (&'static str, &'static str) {
        let pair = self.pairs[self.addresses.word(number)];
        let next = |all: &'static str, own: &str| {
            let names: Vec<&str> = names(all).map(|(name, _)| name).collect();
            let at = names.iter().position(|name| *name == own).unwrap_or(0);
            names[(at + 1) % names.len()]
        };
        (next(pair.place.given, pair.given.0), next(pair.place.family, pair.family.0))
    }
}

fn pairs_of(place: &'static Place) -> impl Iterator<Item = Pair> {
    names(place.given).flat_map(move |given| names(place.family).map(move |family| Pair { place, given, family }))
}

fn names(all: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    all.split(", ").filter_map(|name| name.split_once('='))
}

/// `Anna.Schmidt@Fabrikam.example`
fn capitals(user_name: &str) -> String {
    let mut begins = true;
    let letter = |letter: char| {
        let shown = if begins { letter.to_ascii_uppercase() } else { letter };
        begins = matches!(letter, '.' | '@' | '-');
        shown
    };
    user_name.chars().map(letter).collect::<String>().replace(".Example", ".example")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_people_have_one_user_name_and_each_is_found_by_it() {
        let names = Names::new(3);
        assert!(names.pairs.len() > 1_000, "{}", names.pairs.len());
        let mut seen = HashSet::new();
        for number in (0..5_000).chain([999_999, u32::MAX]) {
            let person = names.person(number);
            assert!(person.user_name.is_ascii() && !person.user_name.contains(' '), "{}", person.user_name);
            assert!(person.nickname().len() <= 64, "{}", person.user_name);
            assert_eq!(person.written.to_lowercase(), person.user_name);
            for spelling in [&person.user_name, &person.written, &person.user_name.to_uppercase()] {
                assert_eq!(names.number(spelling), Some(number), "{spelling}");
            }
            assert!(seen.insert(person.user_name));
        }
        for stranger in ["", "@fabrikam.example", "nobody@fabrikam.example", "ada.null1@fabrikam.example", "ada.null"] {
            assert_eq!(names.number(stranger), None, "{stranger}");
        }
    }

    #[test]
    fn some_names_are_hard() {
        let names = Names::new(1);
        let all: Vec<Person> = (0..names.pairs.len() as u32).map(|number| names.person(number)).collect();
        let some = |wanted: fn(&Person) -> bool| all.iter().any(wanted);
        assert!(some(|one| one.user_name.contains('\'')) && some(|one| one.written.starts_with(char::is_uppercase)));
        assert!(some(|one| one.display.contains('’')) && some(|one| one.family.contains('-')));
        assert!(some(|one| one.display == "李小龙") && some(|one| one.display == "Nguyễn Văn An"));
        assert!(some(|one| one.family.chars().count() > 30) && some(|one| one.family.chars().count() == 1));
        for (number, one) in (0..).zip(&all) {
            let (given, family) = names.other(number);
            assert!(given != one.given && family != one.family, "{}", one.display);
        }
    }
}
