//! As many different names as are asked for: each word once, then each with a 2 behind it, and so on. A name leads back to its
//! number without a table of all.

use std::collections::HashMap;

pub(super) struct Series {
    words: Vec<String>,
    /// In lower case.
    places: HashMap<String, usize>,
    /// Between a word and its number.
    between: &'static str,
}

impl Series {
    /// The words are all different, whatever their case.
    pub(super) fn new(words: Vec<String>, between: &'static str) -> Series {
        let places = words.iter().enumerate().map(|(place, word)| (word.to_lowercase(), place)).collect();
        Series { words, places, between }
    }

    /// Which of the words it is.
    pub(super) fn word(&self, number: u32) -> usize {
        number as usize % self.words.len()
    }

    pub(super) fn name(&self, number: u32) -> String {
        let word = &self.words[self.word(number)];
        match number as usize / self.words.len() {
            0 => word.clone(),
            round => format!("{word}{}{}", self.between, round + 1),
        }
    }

    /// The number of a name, in any case.
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        let wanted = name.to_lowercase();
        let word = wanted.trim_end_matches(|letter: char| letter.is_ascii_digit());
        let (word, round) = match &wanted[word.len()..] {
            "" => (word, 0),
            digits => (word.strip_suffix(self.between)?, digits.parse::<usize>().ok()?.checked_sub(1)?),
        };
        let place = round.checked_mul(self.words.len())?.checked_add(*self.places.get(word)?)?;
        let number = u32::try_from(place).ok()?;
        (self.name(number).to_lowercase() == wanted).then_some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_back_to_its_number() {
        let series = Series::new(vec!["Admins".to_owned(), "İzmir".to_owned()], " ");
        assert_eq!([0, 1, 2, 5].map(|number| series.name(number)), ["Admins", "İzmir", "Admins 2", "İzmir 3"]);
        for number in [0, 1, 2, 3, 21, u32::MAX] {
            assert_eq!(series.number(&series.name(number)), Some(number));
        }
        assert_eq!(series.number("ADMINS 2"), Some(2));
        for stranger in
            ["", "Admins 1", "Admins 0", "Admins 02", "Admins2", "Admins 99999999999999999999", "2", "Other"]
        {
            assert_eq!(series.number(stranger), None, "{stranger}");
        }
    }
}
