namespace Carillon.Sagas;

/// <summary>What is said of all sagas.</summary>
public sealed class SagaOptions
{
    /// <summary>
    /// How long a saga that has ended is kept, with its history: so long late events are known for what they are, and ignored. After that, an event that begins a saga begins a new one. Defaults to 7 days; not negative.
    /// </summary>
    public TimeSpan KeepEnded { get; set; } = TimeSpan.FromDays(7);
}
