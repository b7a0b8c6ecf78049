//! A page as the administrator reads it: its text, its links, its forms with what is filled in already. Just enough
//! HTML for the practice world's own pages, which are well-formed.

/// A page that was opened.
#[derive(Debug, Clone, Default)]
pub(crate) struct Page {
    /// Where it stands.
    pub(crate) path: String,
    /// What came of the last action: `success`, `failure` or `warning`, and the words.
    pub(crate) notice: Option<(String, String)>,
    pub(crate) links: Vec<Link>,
    pub(crate) forms: Vec<Form>,
    /// All words, blanks collapsed.
    pub(crate) text: String,
    /// Values that stand there to be read and copied, by their name.
    pub(crate) shown: Vec<(String, String)>,
    /// Steps with their result: `success`, `failure` or `skipped`, and the reason.
    pub(crate) results: Vec<(String, String)>,
    /// Rows of all tables, cell by cell.
    pub(crate) rows: Vec<Vec<String>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// A form with what would be sent if its button were pressed now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) action: String,
    pub(crate) posts: bool,
    pub(crate) fields: Vec<(String, String)>,
    /// What could be chosen or ticked: name, value, and its words where it has any.
    pub(crate) offered: Vec<Offered>,
    pub(crate) buttons: Vec<Offered>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Offered {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) words: String,
}

impl Page {
    pub(crate) fn read(path: String, html: &str) -> Self {
        let mut reader = Reader { page: Self { path, ..Self::default() }, ..Reader::default() };
        for piece in pieces(html) {
            match piece {
                Piece::Words(words) => reader.words(&words),
                Piece::Opens(tag) => reader.opens(&tag),
                Piece::Closes(name) => reader.closes(&name),
            }
        }
        reader.page.text = collapse(&reader.page.text);
        reader.page
    }

    /// The first link with these words.
    pub(crate) fn link(&self, words: &str) -> Option<&Link> {
        self.links
            .iter()
            .find(|link| link.text == words)
            .or_else(|| self.links.iter().find(|link| link.text.contains(words)))
    }

    /// The first form that has this button.
    pub(crate) fn form_with(&self, button: &str) -> Option<&Form> {
        self.forms.iter().find(|form| form.buttons.iter().any(|one| one.words == button))
    }
}

impl Form {
    /// What a field holds.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Fills a field.
    pub(crate) fn fill(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(key, _)| key != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Ticks a box, or takes the tick away.
    pub(crate) fn tick(mut self, name: &str, value: &str, on: bool) -> Self {
        self.fields.retain(|(key, kept)| !(key == name && kept == value));
        if on {
            self.fields.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// Chooses the option with these words.
    pub(crate) fn choose(self, name: &str, words: &str) -> Option<Self> {
        let offer = self.offered.iter().find(|offer| offer.name == name && offer.words == words)?.clone();
        Some(self.fill(name, &offer.value))
    }

    /// As sent by this button.
    pub(crate) fn press(mut self, button: &str) -> Option<Self> {
        let button = self.buttons.iter().find(|one| one.words == button)?.clone();
        if !button.name.is_empty() {
            self.fields.push((button.name, button.value));
        }
        Some(self)
    }
}

#[derive(Default)]
struct Reader {
    page: Page,
    form: Option<Form>,
    link: Option<Link>,
    notice: Option<(String, String)>,
    area: Option<(String, String)>,
    select: Option<String>,
    option: Option<(Offered, bool)>,
    button: Option<Offered>,
    /// A cell may hold a table of its own, so these are stacks.
    cells: Vec<String>,
    rows: Vec<Vec<String>>,
    /// The status of a step, and its reason as far as it is read.
    step: Option<(String, Option<String>)>,
    /// Inside a script or style.
    aside: bool,
}

impl Reader {
    fn words(&mut self, words: &str) {
        if self.aside {
            return;
        }
        if let Some((_, text)) = &mut self.area {
            text.push_str(words);
            return;
        }
        self.page.text.push_str(words);
        for text in [
            self.link.as_mut().map(|link| &mut link.text),
            self.notice.as_mut().map(|notice| &mut notice.1),
            self.option.as_mut().map(|option| &mut option.0.words),
            self.button.as_mut().map(|button| &mut button.words),
            self.cells.last_mut(),
            self.step.as_mut().and_then(|step| step.1.as_mut()),
        ]
        .into_iter()
        .flatten()
        {
            text.push_str(words);
        }
    }

    fn opens(&mut self, tag: &Tag) {
        self.page.text.push(' ');
        match tag.name.as_str() {
            "script" | "style" => self.aside = true,
            "a" => self.link = tag.get("href").map(|path| Link { path: path.to_owned(), text: String::new() }),
            "form" => {
                let action = tag.get("action").unwrap_or(&self.page.path).to_owned();
                let posts = tag.get("method").is_some_and(|method| method.eq_ignore_ascii_case("post"));
                self.form = Some(Form { action, posts, ..Form::default() });
            }
            "input" => self.input(tag),
            "textarea" => self.area = Some((tag.get("name").unwrap_or_default().to_owned(), String::new())),
            "select" => self.select = tag.get("name").map(str::to_owned),
            "option" => {
                let value = tag.get("value").unwrap_or_default().to_owned();
                let name = self.select.clone().unwrap_or_default();
                self.option = Some((Offered { name, value, words: String::new() }, tag.get("selected").is_some()));
            }
            "button" if tag.get("type") != Some("button") => {
                let get = |key| tag.get(key).unwrap_or_default().to_owned();
                self.button = Some(Offered { name: get("name"), value: get("value"), words: String::new() });
            }
            "tr" => self.rows.push(Vec::new()),
            "li" => self.step = tag.get("data-status").map(|status| (status.to_owned(), None)),
            "p" if tag.get("class") == Some("reason") => {
                if let Some((_, reason)) = &mut self.step {
                    *reason = Some(String::new());
                }
            }
            "td" | "th" => self.cells.push(String::new()),
            _ => {}
        }
        if let Some(result) = tag.get("data-result") {
            self.notice = Some((result.to_owned(), String::new()));
        }
    }

    fn input(&mut self, tag: &Tag) {
        let (Some(form), Some(name)) = (&mut self.form, tag.get("name")) else { return };
        let ticks = matches!(tag.get("type"), Some("checkbox" | "radio"));
        let value = tag.get("value").unwrap_or(if ticks { "on" } else { "" }).to_owned();
        if ticks {
            form.offered.push(Offered { name: name.to_owned(), value: value.clone(), words: String::new() });
        }
        if !ticks || tag.get("checked").is_some() {
            form.fields.push((name.to_owned(), value));
        }
    }

    fn closes(&mut self, name: &str) {
        self.page.text.push(' ');
        match name {
            "script" | "style" => self.aside = false,
            "a" => self.page.links.extend(self.link.take().map(|link| Link { text: collapse(&link.text), ..link })),
            "form" => self.page.forms.extend(self.form.take()),
            "textarea" => {
                let Some(area) = self.area.take() else { return };
                match &mut self.form {
                    Some(form) => form.fields.push(area),
                    None => self.page.shown.push(area),
                }
            }
            "select" => self.select = None,
            "option" => self.close_option(),
            "button" => {
                if let (Some(button), Some(form)) = (self.button.take(), &mut self.form) {
                    form.buttons.push(Offered { words: collapse(&button.words), ..button });
                }
            }
            "td" | "th" => {
                if let (Some(cell), Some(row)) = (self.cells.pop(), self.rows.last_mut()) {
                    row.push(collapse(&cell));
                }
            }
            "tr" => self.page.rows.extend(self.rows.pop()),
            "p" => {
                if let Some((result, words)) = self.notice.take() {
                    self.page.notice.get_or_insert((result, collapse(&words)));
                }
                if let Some((status, Some(reason))) = &self.step {
                    self.page.results.push((status.clone(), collapse(reason)));
                    self.step = None;
                }
            }
            _ => {}
        }
    }

    fn close_option(&mut self) {
        let (Some((option, selected)), Some(form)) = (self.option.take(), &mut self.form) else { return };
        let option = Offered { words: collapse(&option.words), ..option };
        // A browser sends the first option if none is selected.
        let first = !form.fields.iter().any(|(name, _)| *name == option.name);
        if selected || first {
            form.fields.retain(|(name, _)| *name != option.name);
            form.fields.push((option.name.clone(), option.value.clone()));
        }
        form.offered.push(option);
    }
}

enum Piece {
    Words(String),
    Opens(Tag),
    Closes(String),
}

struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

fn pieces(html: &str) -> Vec<Piece> {
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

fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::Page;

    const HTML: &str = r#"<!DOCTYPE html><p role="status" data-result="success"><span>✓</span> Saved &amp; done</p>
        <a href="/apps/new">New <b>application</b></a>
        <form method="post" action="/apps?a=1&amp;b=2"><input type="text" name="name" value="a &quot;b&quot; > c">
        <input type="checkbox" name="create" value="on" checked><input type="checkbox" name="update" value="on">
        <select name="who"><option value="">Select…</option><option value="u1">Zoë O'Connor</option></select>
        <button type="submit" name="action" value="test">Test <i>Connection</i></button><button type="button">Copy</button></form>
        <textarea name="token" readonly>tok</textarea>
        <table><tr><td>outer<table><tr><td>inner</td></tr></table></td><td>next</td></tr></table>
        <ol><li data-step="export" data-status="failure"><p>Export</p><p class="reason">Refused</p></li></ol>"#;

    #[test]
    fn a_page_is_read_as_it_is_shown() {
        let page = Page::read("/apps".to_owned(), HTML);
        assert_eq!(page.notice, Some(("success".to_owned(), "✓ Saved & done".to_owned())));
        assert_eq!(page.link("New application").map(|link| link.path.as_str()), Some("/apps/new"));
        assert_eq!(page.shown, [("token".to_owned(), "tok".to_owned())]);
        assert_eq!(page.rows, [vec!["inner"], vec!["outer", "next"]]);
        assert_eq!(page.results, [("failure".to_owned(), "Refused".to_owned())]);
    }

    #[test]
    fn a_form_is_sent_as_it_is_filled() {
        let page = Page::read("/apps".to_owned(), HTML);
        let form = page.form_with("Test Connection").cloned();
        let sent = form.and_then(|form| {
            assert_eq!((form.action.as_str(), form.posts, form.buttons.len()), ("/apps?a=1&b=2", true, 1));
            assert_eq!(form.value("name"), Some("a \"b\" > c"));
            form.tick("update", "on", true)
                .tick("create", "on", false)
                .choose("who", "Zoë O'Connor")?
                .press("Test Connection")
        });
        let sent = sent.map(|form| form.fields).unwrap_or_default();
        let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(sent, [("name", "a \"b\" > c"), ("update", "on"), ("who", "u1"), ("action", "test")]);
    }
}
