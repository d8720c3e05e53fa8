using System.Text.Json.Serialization;
using Carillon.Events;

namespace Carillon.Sagas.Internal;

/// <summary>That time-outs are wanted no more. Stored with the step that says so, so that neither a rollback cancels what is still wanted nor a crash leaves what is not.</summary>
/// <param name="Ids">The ids of the events that wait.</param>
internal sealed record TimeOutsToCancel([property: JsonPropertyName("ids")] IReadOnlyList<Guid> Ids)
{
    /// <summary>A name of its own in the store.</summary>
    internal const string EventName = "carillon.saga.cancel";

    internal static readonly EventType EventType = new(typeof(TimeOutsToCancel), EventName) { TypeInfo = SagaJson.Default.TimeOutsToCancel };

    /// <summary>By which the delivery of a time-out is found.</summary>
    internal static string UniqueKey(Guid id) => $"carillon.saga:{id}";
}
