//! Values that come again and again in a column, such as True and False: each is understood once.

/// The last few values of a column and what they mean.
pub(super) struct Remembered<T: Copy> {
    values: Vec<(Vec<u8>, T)>,
    next: usize,
}

/// A column that holds more different values than this is none of such.
const MOST: usize = 8;
/// Longer ones are understood anew.
const LONGEST: usize = 64;

impl<T: Copy> Remembered<T> {
    pub(super) fn new() -> Self {
        Self { values: Vec::new(), next: 0 }
    }

    pub(super) fn meaning(&mut self, value: &[u8], understand: impl FnOnce(&str) -> T) -> T {
        if let Some((_, meaning)) = self.values.iter().find(|(known, _)| known == value) {
            return *meaning;
        }
        let meaning = understand(&String::from_utf8_lossy(value));
        if value.len() <= LONGEST {
            let entry = (value.to_vec(), meaning);
            if self.values.len() < MOST {
                self.values.push(entry);
            } else {
                self.values[self.next] = entry;
                self.next = (self.next + 1) % MOST;
            }
        }
        meaning
    }
}
