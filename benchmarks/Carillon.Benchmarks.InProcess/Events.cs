namespace Carillon.Benchmarks.InProcess;

/// <summary>Has one listener.</summary>
public sealed class OneEvent : CountedEvent;

/// <summary>Has ten listeners.</summary>
public sealed class TenEvent : CountedEvent;

/// <summary>Has none.</summary>
public sealed class NoneEvent : CountedEvent;

/// <summary>Has one listener, which belongs to the scope.</summary>
public sealed class ScopedEvent : CountedEvent;

/// <summary>Has one listener and one middleware around its dispatch.</summary>
public sealed class SurroundedEvent : CountedEvent;

/// <summary>Has one listener, which does not complete at once.</summary>
public sealed class AsyncEvent : CountedEvent;
