//! Cuts JSON into its rows while it is read, whatever stands around them: one object after the other, an array, or an
//! object that holds the array under a usual name. A row that never ends is cut off; what is no JSON inside is the
//! reader's of the row to notice.

/// Bytes of one row that are kept.
const LONGEST_ROW: usize = 1024 * 1024;

/// Names under which exports and APIs keep their rows.
const HOLDERS: &[&[u8]] = &[b"value", b"records", b"items", b"logs", b"events", b"data", b"results"];

/// Cuts; give it bytes with [`Rows::feed`].
#[derive(Debug, Default)]
pub(super) struct Rows {
    row: Vec<u8>,
    /// Brackets that are open around rows.
    outside: Vec<u8>,
    /// Brackets that are open inside the row, which is not being read when there are none.
    depth: u32,
    in_string: bool,
    escaped: bool,
    /// The last string on the row's own level, which may be a name.
    name: Vec<u8>,
    /// Between a name and its value.
    after_name: bool,
    /// Whether the row may turn out to be what holds the rows.
    may_hold: bool,
    /// Bytes of the row that were not kept.
    lost: bool,
}

impl Rows {
    /// Looks for JSON at all.
    pub(super) fn looks_like_json(text: &str) -> bool {
        let mut rest =
            text.trim_start_matches(|character: char| character.is_whitespace() || character == '\u{feff}').chars();
        match (rest.next(), rest.find(|character| !character.is_whitespace())) {
            (Some('{'), next) => matches!(next, Some('"' | '}') | None),
            (Some('['), next) => matches!(next, Some('{' | ']') | None),
            _ => false,
        }
    }

    /// Takes the next bytes and gives `each` whole row.
    pub(super) fn feed(&mut self, bytes: &[u8], each: &mut impl FnMut(&[u8])) {
        for byte in bytes {
            if self.depth == 0 { self.between(*byte) } else { self.inside(*byte, each) }
        }
    }

    /// At the end: what there is of a row that does not end.
    pub(super) fn rest(self) -> Option<Vec<u8>> {
        (self.depth > 0 && self.row.len() > 1).then_some(self.row)
    }

    fn between(&mut self, byte: u8) {
        if self.in_string {
            self.in_string(byte);
            return;
        }
        match byte {
            b'"' => self.in_string = true,
            b'[' if self.outside.len() < 2 => self.outside.push(byte),
            b']' | b'}' => {
                self.outside.pop();
            }
            b'{' => {
                self.row.clear();
                self.row.push(byte);
                self.depth = 1;
                self.lost = false;
                self.after_name = false;
                self.may_hold = self.outside.is_empty();
            }
            _ => {}
        }
    }

    fn inside(&mut self, byte: u8, each: &mut impl FnMut(&[u8])) {
        if self.row.len() < LONGEST_ROW {
            self.row.push(byte)
        } else {
            self.lost = true
        }
        if self.in_string {
            if self.depth == 1 && !self.after_name && byte != b'"' && self.name.len() < 32 {
                self.name.push(byte);
            }
            self.in_string(byte);
            return;
        }
        match byte {
            b'"' => {
                self.in_string = true;
                if self.depth == 1 && !self.after_name {
                    self.name.clear();
                }
            }
            b':' if self.depth == 1 => self.after_name = true,
            b',' if self.depth == 1 => {
                self.after_name = false;
                self.name.clear();
            }
            b'[' if self.holds_rows() => {
                self.row.clear();
                self.depth = 0;
                self.outside.extend([b'{', b'[']);
            }
            b'{' | b'[' => self.depth = self.depth.saturating_add(1),
            b'}' | b']' => {
                self.depth -= 1;
                if self.depth == 0 {
                    each(&self.row);
                    self.row.clear();
                }
            }
            _ => {}
        }
    }

    fn in_string(&mut self, byte: u8) {
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' => self.escaped = true,
            b'"' => self.in_string = false,
            _ => {}
        }
    }

    fn holds_rows(&self) -> bool {
        self.may_hold && self.depth == 1 && self.after_name && HOLDERS.contains(&self.name.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::Rows;

    fn rows(text: &str) -> (Vec<String>, Option<String>) {
        let mut all = Vec::new();
        let mut rows = Rows::default();
        // Byte by byte, as a pipe may give them.
        for byte in text.as_bytes() {
            rows.feed(&[*byte], &mut |row| all.push(String::from_utf8_lossy(row).into_owned()));
        }
        (all, rows.rest().map(|rest| String::from_utf8_lossy(&rest).into_owned()))
    }

    #[test]
    fn rows_are_found_whatever_holds_them() {
        let two = vec![r#"{"a":"}]\"","b":[{"c":1}]}"#.to_owned(), r#"{"a":2}"#.to_owned()];
        let [first, second] = [&two[0], &two[1]];
        for text in [
            format!("[{first}, {second}]"),
            format!("{first}\n{second}\n"),
            format!(r#"{{"@odata.context":"value","value":[{first},{second}],"@odata.nextLink":"https://x"}}"#),
            format!("[\n{first}\n,\n{second}\n]"),
        ] {
            assert_eq!(rows(&text), (two.clone(), None), "{text}");
        }
    }

    #[test]
    fn an_object_that_only_has_such_a_name_is_a_row() {
        for text in [r#"{"key":"{}","value":"[1]"}"#, r#"{"data":{"value":[1]}}"#, r#"{"value":"x","b":[1]}"#] {
            assert_eq!(rows(text).0, [text]);
        }
    }

    #[test]
    fn what_is_cut_off_is_not_lost() {
        assert_eq!(rows(r#"[{"a":1},{"b":"wor"#), (vec![r#"{"a":1}"#.to_owned()], Some(r#"{"b":"wor"#.to_owned())));
    }

    #[test]
    fn a_row_without_end_is_bounded() {
        let mut rows = Rows::default();
        rows.feed(b"{\"a\":\"", &mut |_| {});
        for _ in 0..300 {
            rows.feed(&[b'x'; 10_000], &mut |_| {});
        }
        assert!(rows.rest().is_some_and(|rest| rest.len() <= super::LONGEST_ROW));
    }
}
