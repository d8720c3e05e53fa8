namespace Carillon.Generators.Models;

/// <summary>What a listener gives back, as far as the caller has to care.</summary>
internal enum ResultKind
{
    /// <summary>Nothing: it has finished when it returns.</summary>
    Nothing,

    /// <summary>A value, which a plain dispatch ignores: it has finished when it returns.</summary>
    Value,

    /// <summary>A value of the type <c>dynamic</c>, with which nothing may be called.</summary>
    Dynamic,

    /// <summary>A value that cannot be handed on: a ref struct, which no object can hold.</summary>
    Unusable,

    /// <summary><c>Task</c>.</summary>
    Task,

    /// <summary><c>Task&lt;T&gt;</c>.</summary>
    TaskOfT,

    /// <summary><c>ValueTask</c>.</summary>
    ValueTask,

    /// <summary><c>ValueTask&lt;T&gt;</c>.</summary>
    ValueTaskOfT,
}
