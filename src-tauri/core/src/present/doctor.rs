//! The doctor's screen: the page of a class, a place for a text or a log, and the way to every page.

use crate::{
    app::DOCTOR_INTAKE,
    class::Class,
    doctor::{self, Page},
    template,
    view::{ClassLink, Doctor, Intake, IntakeState, Point, Section, Source, Tone},
};

/// The screen, with one page open or none.
pub(crate) fn doctor(class: Option<Class>, state: IntakeState) -> Doctor {
    Doctor {
        title: "What went wrong?".into(),
        lead: "Hand over an error text or a log, and Usher says what is known about its cause. Nothing leaves this computer.".into(),
        page: class.map(page).map(Box::new),
        intake: Intake {
            id: DOCTOR_INTAKE.into(),
            label: "An error text or a log".into(),
            note: template::spans("Paste what a console, a log or an e-mail says, or choose a file: the provisioning log of Microsoft Entra ID (JSON or CSV) or the System Log of Okta (JSON or CSV). Rows with the same cause are counted together."),
            placeholder: "Paste the text here".into(),
            state,
        },
        classes: Class::ALL.iter().filter(|class| has_page(**class)).map(|class| link(*class)).collect(),
    }
}

/// What only says that nothing is wrong, or that nothing is known, is no trouble to read about.
fn has_page(class: Class) -> bool {
    !matches!(class, Class::Success | Class::Unrecognised)
}

fn link(class: Class) -> ClassLink {
    ClassLink { class: class.slug().into(), title: doctor::page(class).title }
}

fn page(class: Class) -> Section {
    let Page { title, cause, fix, next, source, .. } = doctor::page(class);
    Section {
        id: class.slug().into(),
        title,
        tone: Tone::Neutral,
        badge: String::new(),
        points: points(&cause, &fix, &next),
        source: Some(Source {
            link: source.url.is_some().then(|| link_id(class)),
            title: source.title,
            date: String::new(),
        }),
        class: None,
        columns: Vec::new(),
        rows: Vec::new(),
        more: None,
    }
}

/// Cause, what to do, and the next click; what is not known is left out.
pub(crate) fn points(cause: &str, fix: &str, next: &str) -> Vec<Point> {
    let all = [("Cause", cause), ("What to do", fix), ("Next", next)];
    let point = |(label, text): (&str, &str)| Point { label: label.into(), text: template::spans(text) };
    all.into_iter().filter(|(_, text)| !text.is_empty()).map(point).collect()
}

/// For `open_link`.
pub(crate) fn link_id(class: Class) -> String {
    format!("doctor/{class}")
}
