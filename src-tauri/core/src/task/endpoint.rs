//! The SCIM endpoint, asked as the identity provider's own test will ask.

use super::{Job, Report, findings};
use crate::{
    error::{Code, Problem},
    secret::Secret,
    systems::{
        probe::{self, Watch},
        scim::BaseUrl,
    },
    view::Finding,
};

impl Job {
    pub(super) async fn test_connection(&self, watch: &Watch<'_>) -> Report {
        match self.base_and_token("scim") {
            Ok((base, token)) => self.judged(self.ask(&base, token, watch).await),
            Err(problem) => Err(problem).into(),
        }
    }

    /// Asks under the documented address and under the same without `/Users`: the identity provider adds that itself,
    /// and not every guide takes that into account (facts C5).
    pub(super) async fn find_base_url(&self, watch: &Watch<'_>) -> Report {
        let (documented, token) = match self.base_and_token("scim_documented") {
            Ok(both) => both,
            Err(problem) => return Err(problem).into(),
        };
        let shorter = documented.without_endpoint();
        let (mut asked, mut refusal, mut stages) = (Vec::new(), None, Vec::new());
        for base in [Some(documented.clone()), shorter].into_iter().flatten() {
            let report = self.ask(&base, token, watch).await;
            asked.extend(findings(&report.requests));
            if report.ok {
                let told = if base == documented { "as it is documented" } else { "without /Users at its end" };
                let text = format!(
                    "{} answers under the address {told}, as {} will ask: {}",
                    self.who(),
                    self.guide.idp_short,
                    base.text()
                );
                let learned = [("scim".to_owned(), base.text())].into();
                // That nothing is under the other form is as it should be.
                asked.iter_mut().for_each(|finding| finding.good = true);
                return Report { findings: asked, stages: report.stages, learned, ..Ok(text).into() };
            }
            // What the endpoint says to the right path is worth more than that nothing is under the other.
            let nothing_there = |earlier: &Problem| matches!(earlier.code, Code::NotFound | Code::WrongPath);
            let worse = refusal.as_ref().is_none_or(nothing_there);
            if let (Some(problem), true) = (report.problem, worse) {
                (refusal, stages) = (Some(problem), report.stages);
            }
        }
        let problem = refusal.unwrap_or_else(|| Problem::new(Code::NotFound, "No address was left to ask."));
        Report { findings: asked, stages, ..Err(self.leading_back(problem)).into() }
    }

    fn base_and_token(&self, value: &str) -> Result<(BaseUrl, &Secret), Problem> {
        Ok((BaseUrl::parse(self.value(value))?, self.secret("scim-token")?))
    }

    /// The address is asked as it stands, even if it ends like an endpoint: what is typed is looked at before it becomes
    /// a value, and what a vendor documents counts.
    async fn ask(&self, base: &BaseUrl, token: &Secret, watch: &Watch<'_>) -> probe::Report {
        probe::preflight_as_given(&self.http, base, token, self.guide.asks_like, (self.now)(), watch).await
    }

    fn judged(&self, report: probe::Report) -> Report {
        let mut findings = findings(&report.requests);
        if report.ok {
            let worth_knowing = |hint: String| Finding { warn: true, ..Finding::new("Worth knowing", hint, true) };
            findings.extend(report.hints.into_iter().map(worth_knowing));
        }
        let result = match report.problem {
            None => Ok(report.message),
            Some(problem) => Err(self.leading_back(problem)),
        };
        Report { findings, stages: report.stages, corrected: report.corrected_url, ..result.into() }
    }
}
