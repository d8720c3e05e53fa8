using Carillon.EventSourcing;
using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.EventSourcing;

/// <summary>A read model in memory: the balance of each account, by generation.</summary>
public sealed class Balances(Bank bank, ProjectionRun run) : IProjection
{
    private int _taken;

    // By hand, as generated code does it.
    internal static CarillonBuilder AddMethods(CarillonBuilder carillon) => carillon
        .AddProjectionListener(typeof(Balances), Method<Deposited>("Balances.Deposit", static (balances, e, _) => balances.Deposit(e)))
        .AddProjectionListener(typeof(Balances), Method<Withdrawn>("Balances.Withdraw", static (balances, e, _) => balances.Withdraw(e)))
        .AddProjectionListener(typeof(Balances), Method<IAccountEvent>("Balances.Any", static (balances, e, context) => balances.Any(e, context), priority: 1));

    private static Listener Method<TEvent>(string id, Action<Balances, TEvent, EventContext> call, int priority = 0) => new(
        id,
        typeof(TEvent),
        (object e, in ListenerCall at) =>
        {
            call(at.Services.GetRequiredService<Balances>(), (TEvent)e, at.Context!);
            return ValueTask.CompletedTask;
        })
    {
        NeedsContext = true,
        Priority = priority,
    };

    public void Any(IAccountEvent e, EventContext context) => bank.Heard.Add($"{context.EventName} {e.Amount}");

    public void Deposit(Deposited e)
    {
        _taken++;
        bank.Add(run, e.Amount);
    }

    public void Withdraw(Withdrawn e)
    {
        _taken++;
        bank.Add(run, -e.Amount);
    }

    public ValueTask CompleteBatchAsync(ProjectionRun run, CancellationToken cancellationToken)
    {
        bank.Batches.Add(_taken);
        return ValueTask.CompletedTask;
    }

    public ValueTask RetireAsync(ProjectionRun run, CancellationToken cancellationToken)
    {
        bank.Retired.Add(run.Generation);
        return ValueTask.CompletedTask;
    }

    public ValueTask ActivateAsync(ProjectionRun run, CancellationToken cancellationToken)
    {
        bank.Activated.Add(run.Generation);
        return ValueTask.CompletedTask;
    }
}
