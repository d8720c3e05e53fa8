namespace Carillon.Generators.Tests.Behaviour;

/// <summary>How the listeners of these tests get into an application: what they do must be the same.</summary>
public enum Way
{
    /// <summary>By generated code, with generated plans.</summary>
    Generated,

    /// <summary>By generated code, but a further listener, that does nothing, keeps the generated plan from being used.</summary>
    GeneratedWithoutPlan,

    /// <summary>By generated code, with middleware around each dispatch that does nothing but go on.</summary>
    GeneratedWithMiddleware,

    /// <summary>By generated code, with middleware around each listener that does nothing but go on, and traced.</summary>
    GeneratedWithMiddlewareAroundListeners,

    /// <summary>Described by reflection, and added one by one before the start.</summary>
    OneByOne,

    /// <summary>Described by reflection, and added while the application runs.</summary>
    WhileRunning,

    /// <summary>From a further provider, which asks another application.</summary>
    OtherProvider,
}
