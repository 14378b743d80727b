-- Answers to surveys up to $as_of on the scale 0-1. Without a given scale only the recommendation question is known
-- to run from 0 to 10; other marks of unknown scale are left out.
select
    account_id,
    contact_id,
    survey_date,
    least(1, greatest(0, cast((score - lowest) / nullif(highest - lowest, 0) as decimal(18, 9)))) as score01
from (
    select
        surveys.*,
        case when scale_max is not null then coalesce(scale_min, 0) when kind = 'nps' then 0 end as lowest,
        case when scale_max is not null then scale_max when kind = 'nps' then 10 end as highest
    from surveys
    where survey_date <= cast($as_of as date)
) as scaled
where highest > lowest
