//! What is asked after the first answer. Name, connection, path and token are proven by then, so what gets no answer, or
//! a refusal, belongs to the stage that it was asked for.

use super::{
    ask::{Kind, Prober},
    report::Finding,
    stage::Stage,
};
use crate::{
    class::Class,
    error::{Code, Problem},
    http::{Answer, host, seconds},
    systems::scim::{self, Listing},
};

/// One question after the first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Later {
    kind: Kind,
    stage: Stage,
    what: &'static str,
}

/// A page of users.
pub(super) const USERS: Later = Later { kind: Kind::Users, stage: Stage::Scim, what: "/Users" };
/// A search for a user.
pub(super) const USER_SEARCH: Later = Later { kind: Kind::Users, stage: Stage::Filter, what: "a search in /Users" };
/// A page of groups.
pub(super) const GROUPS: Later = Later { kind: Kind::Groups, stage: Stage::Groups, what: "/Groups" };
/// A search for a group.
pub(super) const GROUP_SEARCH: Later = Later { kind: Kind::Groups, stage: Stage::Groups, what: "a search in /Groups" };

impl Prober<'_> {
    /// The answer to a later question, as it was asked and not by a redirect.
    pub(super) async fn later(
        &self,
        question: Later,
        asked: impl Future<Output = Result<Answer, Problem>>,
    ) -> Result<Answer, Finding> {
        match asked.await {
            Ok(answer)
                if answer.is_success()
                    && answer.redirected_from.is_some()
                    && !self.board.is_open(Stage::Authorised) =>
            {
                let sentence = format!("{} answers only after a redirect", question.what);
                let problem = question
                    .problem(&self.host(), Code::NotScim, &sentence)
                    .hint("Clients drop the token at a redirect, or turn what they send into a question. Tell the team that runs the server.")
                    .details(answer.details());
                Err(Finding::from(problem).at(question.stage, Class::NotScim).in_words(sentence))
            }
            Ok(answer) => Ok(answer),
            Err(problem) => Err(self.unanswered(question, problem)),
        }
    }

    fn unanswered(&self, question: Later, problem: Problem) -> Finding {
        let what = question.what;
        let sentence = match (problem.code, self.course.over_after()) {
            (Code::Timeout, Some(most)) => {
                format!("{what} was not answered before Usher stopped, after {} in all", seconds(most))
            }
            (Code::Timeout, None) => format!("{what} does not answer within {}", seconds(self.http.longest_answer())),
            (Code::Connect, _) => format!("{what} breaks the connection off without an answer"),
            _ => return Finding::from(problem.clone()).at(question.stage, class_of(problem.code)),
        };
        let mut better = question
            .problem(&self.host(), problem.code, &sentence)
            .hint("Try again in a minute.")
            .hint("If it happens again, tell the team that runs the server: the way there and the token are right, and only this is not answered.");
        better.details = problem.details;
        Finding::from(better).at(question.stage, Class::TargetError).in_words(sentence)
    }
}

impl Later {
    fn problem(self, host: &str, code: Code, sentence: &str) -> Problem {
        match self.kind {
            Kind::Users => Problem::new(code, format!("{host} answers other requests, but {sentence}.")),
            Kind::Groups => {
                Problem::new(Code::GroupsBroken, format!("Users can be read, but groups cannot: {sentence}."))
            }
        }
    }

    /// The list in a later answer about users, or what the refusal means.
    pub(super) fn list(self, answer: &Answer) -> Result<Listing, Finding> {
        let problem = match answer.is_success() {
            true => match Listing::read(answer) {
                Ok(listing) => return Ok(listing),
                Err(problem) => problem,
            },
            false => scim::refusal(answer),
        };
        let class = class_of(problem.code);
        Err(Finding::from(problem).at(self.stage, class))
    }
}

fn class_of(code: Code) -> Class {
    match code {
        Code::Timeout | Code::Connect | Code::Dns => Class::TargetError,
        Code::NotFound | Code::Redirect => Class::NotScim,
        other => super::report::place(other).1,
    }
}

/// A search that is refused, though the list can be read.
pub(super) fn refuses_search(answer: &Answer) -> bool {
    matches!(answer.status, 400 | 405 | 422 | 500..=599)
}

/// The finding for it.
pub(super) fn refused_search(answer: &Answer, kind: Kind) -> Finding {
    let (status, host) = (answer.named_status(), host(&answer.url));
    let fails = matches!(answer.status, 500 | 502..=599);
    let (stage, code, message) = match kind {
        Kind::Users => (
            Stage::Filter,
            if fails { Code::ServerError } else { Code::Refused },
            format!("{host} lists its users, but refuses to search them by a filter ({status}).{}", answer.quote()),
        ),
        Kind::Groups => (
            Stage::Groups,
            Code::GroupsBroken,
            format!(
                "Groups can be listed, but {host} refuses to search them by a filter ({status}).{}",
                answer.quote()
            ),
        ),
    };
    let problem = Problem::new(code, message)
        .hint("The base URL and the token are right: the list can be read.")
        .hint(format!("The identity provider finds entries by `{} eq \"…\"`. Tell the team that runs the server that this filter must work (RFC 7644, section 3.4.2.2).", kind.name()))
        .details(answer.details());
    let class = if fails { Class::TargetError } else { Class::NotScim };
    Finding::from(problem).at(stage, class).in_words(format!("the server refuses the filter ({status})"))
}
