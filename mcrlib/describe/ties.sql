-- uses: encounters
-- How strongly each of our people is tied to each of theirs at the as-of date. A touch counts by its kind (the weights),
-- less if it went out only, and half as much after every $half_life days.
select
    account_id,
    contact_id,
    seller,
    sum(weight) as engagement,
    count(*) as n_touches,
    max(activity_date) as last_date,
    max(case when age < 180 and direction <> 'out' then 1 else 0 end) as is_two_way
from (
    select
        encounters.*,
        cast(
            cast(
                case activity_type
                    when 'strategy_meeting' then $weight_strategy_meeting
                    when 'exec_visit' then $weight_exec_visit
                    when 'visit' then $weight_visit
                    when 'meeting' then $weight_meeting
                    when 'demo' then $weight_demo
                    when 'showroom' then $weight_showroom
                    when 'service_visit' then $weight_service_visit
                    when 'call' then $weight_call
                    when 'wechat' then $weight_wechat
                    when 'email' then $weight_email
                    when 'survey' then $weight_survey
                    else $weight_other
                end as double
            )
            * case when direction = 'out' then $weight_out else 1 end
            * power(cast(2 as double), -age / cast($half_life as double)) as decimal(18, 10)
        ) as weight
    from encounters
) as weighed
group by account_id, contact_id, seller
