using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Carillon.Benchmarks.Patterns.Sagas;

/// <summary>The reading of a meter: for the saga and for the transactional listener that does by hand what a saga does.</summary>
[Event("meter.read")]
public sealed record MeterRead(string Meter, int Value);

[Event("meter.installed")]
public sealed record MeterInstalled(string Meter);

[Event("meter.noted")]
public sealed record MeterNoted(string Meter, int Value);

public sealed class MeterState
{
    public int Readings { get; set; }

    public int Last { get; set; }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(MeterRead))]
[JsonSerializable(typeof(MeterInstalled))]
[JsonSerializable(typeof(MeterNoted))]
[JsonSerializable(typeof(MeterState))]
internal sealed partial class MeterJson : JsonSerializerContext;

[Saga("meter")]
[CorrelatedBy(nameof(MeterRead.Meter))]
internal sealed class MeterSaga : Saga<MeterState>
{
    [StartedBy]
    public void Install(MeterInstalled e) => State.Last = 0;

    [OnEvent]
    public void Read(MeterRead e) => (State.Readings, State.Last) = (State.Readings + 1, e.Value);
}

internal sealed class MeterListeners
{
    [OnEvent(Delivery.Durable, Id = "note", Transactional = true)]
    public static async Task Note(MeterNoted e, DbTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "UPDATE meter SET readings = readings + 1, last = @value WHERE id = @meter";
        Add(command, "@value", e.Value);
        Add(command, "@meter", e.Meter);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }
}
