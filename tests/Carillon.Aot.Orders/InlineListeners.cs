namespace Carillon.Aot.Orders;

/// <summary>Listeners of a library, registered by the code that is generated for it.</summary>
public sealed class InlineListeners
{
    [OnEvent(Priority = EventPriority.High)]
    public void Count(OrderPlaced e, Story story) => story.Tell($"inline {e.Number}");

    [OnEvent]
    public async Task Wait(OrderPlaced e, Story story, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        story.Tell($"asynchronous {e.Number}");
    }

    [OnEvent]
    public void Everything(IDomainEvent e, Story story) => story.Tell($"domain event {e.GetType().Name}");
}
