namespace Carillon.Operations;

/// <summary>An operation has run. Listen to this class for all of them.</summary>
public abstract class AfterOperation
{
    private protected AfterOperation(string name) => Name = name;

    /// <summary>The name of the operation, <c>user.create</c>. The name of this event has <c>.after</c> behind it.</summary>
    public string Name { get; }
}
