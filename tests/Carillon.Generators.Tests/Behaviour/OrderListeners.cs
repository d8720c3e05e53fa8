using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Generators.Tests.Behaviour;

internal sealed class OrderListeners(Trail trail)
{
    [OnEvent]
    public void Placed(OrderPlaced e) => trail.Add("placed");

    [OnEvent(Priority = EventPriority.High)]
    public void Overloaded(OrderPlaced e) => trail.Add("high");

    [OnEvent(Priority = EventPriority.Critical)]
    public void Overloaded(OrderEvent e) => trail.Add("critical, by its base class");

    [OnEvent(Priority = -1)]
    public void Overloaded(IOrderEvent e) => trail.Add("last, by its interface");

    [OnEvent]
    public async Task PaidAsync(OrderPaid e)
    {
        await Task.Yield();
        trail.Add("task");
    }

    [OnEvent]
    public async ValueTask<int> PaidWithResultAsync(OrderPaid e)
    {
        await Task.Yield();
        trail.Add("value task of int");
        return 1;
    }

    [OnEvent]
    public int PaidWithResult(OrderPaid e)
    {
        trail.Add("int");
        return 2;
    }

    [OnEvent]
    public ValueTask PaidAtOnceAsync(OrderPaid e)
    {
        trail.Add("value task that has completed");
        return ValueTask.CompletedTask;
    }

    [OnEvent]
    public async ValueTask PaidLastAsync(OrderPaid e)
    {
        await Task.Yield();
        trail.Add("value task");
    }

    [OnEvent]
    public void Sent(
        OrderSent e,
        IServiceProvider services,
        [FromKeyedServices("blue")] string blue,
        [FromKeyedServices("red")] string? red,
        Version? version,
        DayOfWeek day = DayOfWeek.Friday,
        CancellationToken cancellationToken = default) =>
        trail.Add($"{services.GetRequiredService<Trail>() == trail} {cancellationToken.CanBeCanceled} {blue} {red ?? "no red"} {version?.ToString() ?? "no version"} {day}");
}
