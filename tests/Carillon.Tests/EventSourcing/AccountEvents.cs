using Carillon.EventSourcing;

namespace Carillon.Tests.EventSourcing;

public interface IAccountEvent
{
    int Amount { get; }
}

[Event("account.deposited")]
public sealed record Deposited(int Amount) : IAccountEvent;

[Event("account.withdrawn")]
public sealed record Withdrawn(int Amount) : IAccountEvent;

[Event("account.closed")]
public sealed record Closed(string Why);

[Event("account.moved", Version = 2)]
public sealed record Moved(string Street, string Town);

[Event("account.noted")]
public sealed record Noted(string Text);

public sealed record Balance(int Amount);

public sealed record OldBalance(string Amount);

public sealed class AppendsDeposit(IEventStore store) : IListener<Withdrawn>
{
    public async ValueTask HandleAsync(Withdrawn @event, CancellationToken cancellationToken) =>
        await store.AppendAsync("account-1", ExpectedVersion.Any, [new Deposited(@event.Amount)], cancellationToken: cancellationToken);
}
