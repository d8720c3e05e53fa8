namespace Carillon.Benchmarks.InProcess.References;

/// <summary>What the references call, if it has to be waited for.</summary>
public interface IAsyncHandler<in TEvent>
{
    /// <summary>Takes the event.</summary>
    ValueTask HandleAsync(TEvent @event);
}
