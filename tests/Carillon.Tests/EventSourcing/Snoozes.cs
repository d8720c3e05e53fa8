using Carillon.EventSourcing;
using Carillon.Listeners;

namespace Carillon.Tests.EventSourcing;

public sealed class Snoozes : IProjection
{
    internal static CarillonBuilder AddMethods(CarillonBuilder carillon) => carillon.AddProjectionListener(typeof(Snoozes), new Listener(
        "Snoozes.Deposit",
        typeof(Deposited),
        static (object _, in ListenerCall call) =>
        {
            call.Context!.Snooze(TimeSpan.FromSeconds(1));
            return ValueTask.CompletedTask;
        })
    {
        NeedsContext = true,
    });
}
