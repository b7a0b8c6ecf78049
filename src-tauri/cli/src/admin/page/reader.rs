//! Puts a page together from its pieces, as whoever looks at it would.

use super::{
    Form, Link, Offered, Page,
    pieces::{Piece, Tag, collapse, pieces},
};

/// What is no word of the console: scripts, styles, and the footer, in which the practice world says what goes wrong on
/// purpose. Nothing of these is inside another of them.
const ASIDE: [&str; 3] = ["script", "style", "footer"];

/// The page of this address.
pub(super) fn read(path: String, html: &str) -> Page {
    let mut reader = Reader { page: Page { path, ..Page::default() }, ..Reader::default() };
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
    /// The words of a label, and how much the form offered before it: a box to tick stands inside its label.
    label: Option<(usize, String)>,
    heading: Option<String>,
    /// A cell may hold a table of its own, so these are stacks.
    cells: Vec<String>,
    rows: Vec<Vec<String>>,
    /// The status of a step, and its reason as far as it is read.
    step: Option<(String, Option<String>)>,
    /// The element that is passed over, while inside of one.
    aside: Option<String>,
}

impl Reader {
    fn words(&mut self, words: &str) {
        if self.aside.is_some() {
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
            self.label.as_mut().map(|label| &mut label.1),
            self.heading.as_mut(),
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
        if self.aside.is_some() {
            return;
        }
        if ASIDE.contains(&tag.name.as_str()) {
            self.aside = Some(tag.name.clone());
            return;
        }
        match tag.name.as_str() {
            "br" => self.words(" "),
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
            "label" => self.label = self.form.as_ref().map(|form| (form.offered.len(), String::new())),
            "h2" => self.heading = Some(String::new()),
            "meta" => self.page.refreshes |= tag.get("http-equiv") == Some("refresh"),
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
        let Some(name) = tag.get("name") else { return };
        let Some(form) = &mut self.form else {
            return self.page.shown.push((name.to_owned(), tag.get("value").unwrap_or_default().to_owned()));
        };
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
        if self.aside.is_some() {
            self.aside.take_if(|passed| passed == name);
            return;
        }
        match name {
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
            "label" => {
                let (Some((before, words)), Some(form)) = (self.label.take(), &mut self.form) else { return };
                form.offered.iter_mut().skip(before).for_each(|tick| tick.words = collapse(&words));
            }
            "h2" => {
                let heading = self.heading.take().map(|words| (self.page.rows.len(), collapse(&words)));
                self.page.headings.extend(heading);
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
