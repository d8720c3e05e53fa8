namespace Carillon.Generators.Models;

/// <summary>What a listener gives back, as far as the caller has to care.</summary>
internal enum ResultKind
{
    /// <summary>Nothing: it has finished when it returns.</summary>
    Nothing,

    /// <summary>A value, which is ignored: it has finished when it returns.</summary>
    Value,

    /// <summary><c>Task</c> or <c>Task&lt;T&gt;</c>.</summary>
    Task,

    /// <summary><c>ValueTask</c>.</summary>
    ValueTask,

    /// <summary><c>ValueTask&lt;T&gt;</c>.</summary>
    ValueTaskOfT,
}
