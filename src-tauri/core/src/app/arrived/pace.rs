//! How far a comparison is, in words: how many of how many, how fast, how long still.

use crate::{
    number::grouped,
    verify::{Counted, Progress, Stage},
};

/// "12,300 of 100,000 people, 8,000 a second, 11 seconds left".
pub(super) fn words(progress: &Progress) -> String {
    let (counted, what) = (progress.counted(), what(progress.stage));
    if progress.stage == Stage::Done {
        return "Everything is read; it is being compared.".into();
    }
    let of = counted.total.map_or_else(String::new, |total| format!(" of {}", grouped(total)));
    let rate = match progress.rate {
        0 => String::new(),
        rate => format!(", {} a second", grouped(rate)),
    };
    let left = progress
        .seconds_left
        .filter(|_| counted.read > 0)
        .map_or_else(String::new, |left| format!(", {} left", time(left)));
    format!("{}{of} {what}{rate}{left}", grouped(counted.read))
}

/// What the target asks to wait for.
pub(super) fn waits(progress: &Progress, target: &str) -> Option<String> {
    progress.waits.map(|seconds| format!("{target} asks to wait: it goes on in {}.", time(seconds)))
}

/// How far this part is, in hundredths, if that can be told.
pub(super) fn percent(progress: &Progress) -> Option<u8> {
    let Counted { read, total } = progress.counted();
    let total = total.filter(|total| *total > 0)?;
    u8::try_from((u128::from(read) * 100 / u128::from(total)).min(100)).ok()
}

/// For the live region: each quarter of a part, once.
pub(super) fn quarter(progress: &Progress) -> Option<(Stage, u8, String)> {
    let quarter = percent(progress)? / 25;
    let what = what(progress.stage);
    (1..4).contains(&quarter).then(|| (progress.stage, quarter, format!("{} % of the {what} are read.", quarter * 25)))
}

fn what(stage: Stage) -> &'static str {
    match stage {
        Stage::People => "people",
        Stage::Groups => "groups",
        Stage::Members => "members",
        Stage::Done => "",
    }
}

/// "11 seconds", "3 minutes", "2 hours".
pub(super) fn time(seconds: u64) -> String {
    let (count, unit) = match seconds {
        ..90 => (seconds, "second"),
        90..5_400 => (seconds.div_ceil(60), "minute"),
        _ => (seconds.div_ceil(3_600), "hour"),
    };
    if count == 1 { format!("1 {unit}") } else { format!("{} {unit}s", grouped(count)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(read: u64, total: Option<u64>, rate: u64, seconds_left: Option<u64>) -> Progress {
        Progress { people: Counted { read, total }, rate, seconds_left, ..Progress::default() }
    }

    #[test]
    fn how_far_it_is_is_said_with_what_is_known() {
        for (progress, said) in [
            (at(12_300, Some(100_000), 8_000, Some(11)), "12,300 of 100,000 people, 8,000 a second, 11 seconds left"),
            (at(12_300, None, 8_000, None), "12,300 people, 8,000 a second"),
            (at(0, None, 0, None), "0 people"),
            (at(0, Some(7), 0, Some(3)), "0 of 7 people"),
            (at(1, Some(1_000_000), 1, Some(999_999)), "1 of 1,000,000 people, 1 a second, 278 hours left"),
            (at(99, Some(100), 1, Some(1)), "99 of 100 people, 1 a second, 1 second left"),
        ] {
            assert_eq!(words(&progress), said);
        }
        let groups =
            Progress { stage: Stage::Groups, groups: Counted { read: 5, total: Some(20) }, ..Progress::default() };
        assert_eq!(words(&groups), "5 of 20 groups");
    }

    #[test]
    fn each_quarter_is_announced_and_nothing_before_the_first() {
        let said = |read, total| quarter(&at(read, Some(total), 0, None)).map(|(_, quarter, _)| quarter);
        assert_eq!(
            [said(24, 100), said(25, 100), said(74, 100), said(99, 100), said(100, 100)],
            [None, Some(1), Some(2), Some(3), None]
        );
        assert_eq!(said(5, 0), None, "a total of nobody");
        assert_eq!(said(500, 100), None, "more than the target said");
        assert_eq!(percent(&at(u64::MAX, Some(1), 0, None)), Some(100));
    }
}
