-- uses: touches
-- Which of ours touched which account in the last 365 days, and how often.
select
    account_id,
    seller as owner_id,
    cast(count(distinct activity_id) as bigint) as n_touches
from touches
where age < 365 and seller is not null
group by account_id, seller
order by account_id, owner_id
