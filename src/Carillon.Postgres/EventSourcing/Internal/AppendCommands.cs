using Carillon.EventSourcing;

namespace Carillon.Postgres.EventSourcing.Internal;

/// <summary>The three ways to append, each made when it is first wanted. Used by one caller at a time.</summary>
internal sealed class AppendCommands(string schema)
{
    private AppendCommand? _toAny;
    private AppendCommand? _toNew;
    private AppendCommand? _toPresent;

    internal AppendCommand For(ExpectedVersion expected) =>
        expected == ExpectedVersion.Any ? _toAny ??= AppendCommand.ToAny(schema)
        : expected == ExpectedVersion.NoStream ? _toNew ??= AppendCommand.ToNew(schema)
        : _toPresent ??= AppendCommand.ToPresent(schema);
}
