namespace Carillon.Benchmarks.InProcess.References;

/// <summary>What the references call.</summary>
public interface IHandler<in TEvent>
{
    /// <summary>Takes the event.</summary>
    void Handle(TEvent @event);
}
