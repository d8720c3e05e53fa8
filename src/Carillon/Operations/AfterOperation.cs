namespace Carillon.Operations;

/// <summary>An operation has run.</summary>
/// <remarks>Listen to this class for every typed operation; with the pattern <c>#.after</c> for those that are run by a name as well.</remarks>
public abstract class AfterOperation
{
    private protected AfterOperation(string name) => Name = name;

    /// <summary>The name of the operation, <c>user.create</c>. The name of this event has <c>.after</c> behind it.</summary>
    public string Name { get; }
}
