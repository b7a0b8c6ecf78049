//! A page as the administrator reads it: its text, its links, its forms with what is filled in already. Just enough
//! HTML for the practice world's own pages, which are well-formed.

mod pieces;
mod reader;

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
    /// Headings, each with the number of rows that stand before it.
    headings: Vec<(usize, String)>,
    /// Whether it loads itself anew, because something is still under way.
    pub(crate) refreshes: bool,
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
        reader::read(path, html)
    }

    /// The first link with these words.
    pub(crate) fn link(&self, words: &str) -> Option<&Link> {
        self.links
            .iter()
            .find(|link| link.text == words)
            .or_else(|| self.links.iter().find(|link| link.text.contains(words)))
    }

    /// A value that stands there to be copied.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.shown.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim())
    }

    /// Headings, with the rows of the tables below each.
    pub(crate) fn sections(&self) -> impl Iterator<Item = (&str, &[Vec<String>])> {
        self.headings.iter().enumerate().map(|(place, (from, heading))| {
            let to = self.headings.get(place + 1).map_or(self.rows.len(), |(to, _)| *to);
            (heading.as_str(), &self.rows[*from..to])
        })
    }

    /// The rows below a heading.
    pub(crate) fn rows_under(&self, heading: &str) -> &[Vec<String>] {
        self.sections().find(|(words, _)| *words == heading).map_or(&[], |(_, rows)| rows)
    }

    /// The first form that has this field, whatever its button is called.
    pub(crate) fn form_holding(&self, name: &str) -> Option<&Form> {
        self.forms.iter().find(|form| form.value(name).is_some() || form.offered.iter().any(|one| one.name == name))
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

    /// Ticks the box that has these words beside it, perhaps with more after a colon; or takes the tick away.
    pub(crate) fn tick_words(self, words: &str, on: bool) -> Option<Self> {
        let offer = self.tick_with(words)?.clone();
        Some(self.tick(&offer.name, &offer.value, on))
    }

    pub(crate) fn has_tick(&self, words: &str) -> bool {
        self.tick_with(words).is_some()
    }

    fn tick_with(&self, words: &str) -> Option<&Offered> {
        let fits = |rest: &str| rest.is_empty() || rest.starts_with(':');
        self.offered.iter().find(|offer| offer.words.strip_prefix(words).is_some_and(fits))
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

#[cfg(test)]
mod tests {
    use super::Page;

    const HTML: &str = r#"<!DOCTYPE html><p role="status" data-result="success"><span>✓</span> Saved &amp; done</p>
        <a href="/apps/new">New <b>application</b></a>
        <form method="post" action="/apps?a=1&amp;b=2"><input type="text" name="name" value="a &quot;b&quot; > c">
        <input type="checkbox" name="create" value="on" checked>
        <label class="tick"><input type="checkbox" name="update" value="on"> Update <b>people</b></label>
        <select name="who"><option value="">Select…</option><option value="u1">Zoë O'Connor</option></select>
        <button type="submit" name="action" value="test">Test <i>Connection</i></button><button type="button">Copy</button></form>
        <textarea name="token" readonly>tok</textarea>
        <input type="text" name="address" value="https://a.example" readonly><h2>Who</h2>
        <table><tr><td>outer<table><tr><td>inner</td></tr></table></td><td>next</td></tr></table>
        <ol><li data-step="export" data-status="failure"><p>Export</p><p class="reason">Refused</p></li></ol><h2>Nobody</h2>
        <footer><p data-result="failure">Going wrong on purpose: <a href="/wrong">no token is valid</a>.</p></footer> The end"#;

    #[test]
    fn a_page_is_read_as_it_is_shown() {
        let page = Page::read("/apps".to_owned(), HTML);
        assert_eq!(page.notice, Some(("success".to_owned(), "✓ Saved & done".to_owned())));
        assert_eq!(page.link("New application").map(|link| link.path.as_str()), Some("/apps/new"));
        assert_eq!((page.value("token"), page.value("address")), (Some("tok"), Some("https://a.example")));
        assert_eq!((page.rows_under("Who"), page.rows_under("Nobody").len()), (page.rows.as_slice(), 0));
        assert_eq!(page.rows, [vec!["inner"], vec!["outer", "next"]]);
        assert_eq!(page.results, [("failure".to_owned(), "Refused".to_owned())]);
    }

    #[test]
    fn the_footer_is_passed_over_and_what_comes_after_it_is_not() {
        let page = Page::read("/apps".to_owned(), HTML);
        assert!(page.text.ends_with("Nobody The end"), "{}", page.text);
        assert!(page.link("no token").is_none());
        let html = "<footer><p data-result='failure'>Wrong</p></footer><p data-result='success'>Right</p>";
        assert_eq!(Page::read("/".to_owned(), html).notice, Some(("success".to_owned(), "Right".to_owned())));
    }

    #[test]
    fn a_form_is_sent_as_it_is_filled() {
        let page = Page::read("/apps".to_owned(), HTML);
        let form = page.form_with("Test Connection").cloned();
        let sent = form.and_then(|form| {
            assert_eq!((form.action.as_str(), form.posts, form.buttons.len()), ("/apps?a=1&b=2", true, 1));
            assert_eq!(form.value("name"), Some("a \"b\" > c"));
            form.tick_words("Update people", true)?
                .tick("create", "on", false)
                .choose("who", "Zoë O'Connor")?
                .press("Test Connection")
        });
        let sent = sent.map(|form| form.fields).unwrap_or_default();
        let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(sent, [("name", "a \"b\" > c"), ("update", "on"), ("who", "u1"), ("action", "test")]);
    }
}
