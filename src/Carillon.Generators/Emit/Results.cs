using Carillon.Generators.Models;

namespace Carillon.Generators.Emit;

/// <summary>Writes what is done with what a listener gives back.</summary>
internal static class Results
{
    /// <summary>An asynchronous method that allocates nothing once it has run a few times: who dispatches awaits once, as a ValueTask demands.</summary>
    internal const string Pooled =
        "[global::System.Runtime.CompilerServices.AsyncMethodBuilder(typeof(global::System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder))]";

    /// <summary>The call after which there is none: what is still running is handed to the caller.</summary>
    internal static void WriteLast(SourceWriter writer, ResultKind result, string call)
    {
        switch (result)
        {
            case ResultKind.Task:
            case ResultKind.TaskOfT:
                writer.Line($"return new {Names.ValueTask}({call});");
                break;
            case ResultKind.ValueTask:
                writer.Line($"return {call};");
                break;
            case ResultKind.ValueTaskOfT:
                writer.Line($"return {Finders.Ignore}({call});");
                break;
            default:
                writer.Line(Statement(result, call));

                // Never "return default": it is slower in the caller by about as much as five listeners.
                writer.Line($"return {Names.ValueTask}.CompletedTask;");
                break;
        }
    }

    /// <summary>The only call of an invoker, whose result somebody may want.</summary>
    internal static void WriteOnly(SourceWriter writer, ResultKind result, string call)
    {
        switch (result)
        {
            case ResultKind.TaskOfT:
            case ResultKind.ValueTaskOfT:
                writer.Line($"return call.SetResultAsync({call});");
                break;
            case ResultKind.Value:
            case ResultKind.Dynamic:
                writer.Line($"{(result == ResultKind.Dynamic ? "object" : "var")} result = {call};");
                writer.Line("call.SetResult(result);");
                writer.Line($"return {Names.ValueTask}.CompletedTask;");
                break;
            default:
                WriteLast(writer, result, call);
                break;
        }
    }

    /// <summary>A call in an asynchronous method.</summary>
    internal static string Await(ResultKind result, string call) =>
        IsFinished(result) ? Statement(result, call) : $"await {call}.ConfigureAwait(false);";

    /// <summary>A call that has finished when it returns. A value is discarded openly: it may be of a type that the compiler wants awaited.</summary>
    internal static string Statement(ResultKind result, string call) => IsFinished(result) && result != ResultKind.Nothing ? $"_ = {call};" : $"{call};";

    private static bool IsFinished(ResultKind result) => result is ResultKind.Nothing or ResultKind.Value or ResultKind.Dynamic or ResultKind.Unusable;

    /// <summary>What is still running as a ValueTask.</summary>
    internal static string AsValueTask(ResultKind result, string running) => result switch
    {
        ResultKind.Task or ResultKind.TaskOfT => $"new {Names.ValueTask}({running})",
        ResultKind.ValueTaskOfT => $"{Finders.IgnoreAsync}({running})",
        _ => running,
    };
}
