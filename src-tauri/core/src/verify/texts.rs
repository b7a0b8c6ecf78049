//! A table of texts kept in one piece: four bytes for each cell beside its letters, and nothing allocated for any.

/// Rows of `width` texts.
#[derive(Debug, Clone, Default)]
pub(super) struct Texts {
    width: usize,
    text: String,
    /// Where each cell ends.
    ends: Vec<u32>,
}

impl Texts {
    pub(super) fn new(width: usize) -> Self {
        Self { width, ..Self::default() }
    }

    /// Adds a cell; a row is full when it has `width` of them.
    pub(super) fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }

    /// Whether there is room for another row of usual length.
    pub(super) fn has_room(&self) -> bool {
        self.text.len() < u32::MAX as usize - (1 << 20)
    }

    pub(super) fn get(&self, row: usize, column: usize) -> &str {
        let cell = row * self.width + column;
        let begin = if cell == 0 { 0 } else { self.ends[cell - 1] };
        &self.text[begin as usize..self.ends[cell] as usize]
    }

    pub(super) fn rows(&self) -> usize {
        self.ends.len().checked_div(self.width).unwrap_or_default()
    }

    /// Gives back what was reserved for more.
    pub(super) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}
