-- Which stages each deal is known to have passed up to the as-of date.
select distinct
    object_id as opportunity_id,
    new as stage
from stage_history
where changed_date <= cast($as_of as date)
order by opportunity_id, stage
