//! HTML in pieces: words, opening tags with their attributes, closing tags.

pub(super) enum Piece {
    Words(String),
    Opens(Tag),
    Closes(String),
}

pub(super) struct Tag {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

pub(super) fn pieces(html: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        pieces.push(Piece::Words(unescape(&rest[..start])));
        let Some(end) = end_of_tag(&rest[start..]) else { return pieces };
        let inside = &rest[start + 1..start + end];
        match inside.strip_prefix('/') {
            Some(name) => pieces.push(Piece::Closes(name.trim().to_lowercase())),
            None if inside.starts_with('!') => {}
            None => pieces.push(Piece::Opens(tag(inside.trim_end_matches('/')))),
        }
        rest = &rest[start + end + 1..];
    }
    pieces.push(Piece::Words(unescape(rest)));
    pieces
}

/// Where the `>` is that is not inside quotes.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    text.char_indices().find_map(|(place, character)| {
        match (quote, character) {
            (None, '>') => return Some(place),
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
        None
    })
}

fn tag(inside: &str) -> Tag {
    let (name, mut rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return Tag { name: name.to_lowercase(), attributes };
        }
        let end = rest.find(|character: char| character == '=' || character.is_whitespace()).unwrap_or(rest.len());
        let key = rest[..end].to_lowercase();
        rest = &rest[end..];
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let quote = after.chars().next().filter(|first| matches!(first, '"' | '\''));
            let body = &after[quote.map_or(0, char::len_utf8)..];
            let stop = match quote {
                Some(quote) => body.find(quote).unwrap_or(body.len()),
                None => body.find(char::is_whitespace).unwrap_or(body.len()),
            };
            value = &body[..stop];
            rest = body.get(stop + quote.map_or(0, char::len_utf8)..).unwrap_or_default();
        }
        attributes.push((key, unescape(value)));
    }
}

fn unescape(text: &str) -> String {
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " "), ("&amp;", "&")];
    pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

pub(super) fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
