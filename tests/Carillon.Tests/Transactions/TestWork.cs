namespace Carillon.Tests.Transactions;

/// <summary>What a transaction of the test's database will have done once it is committed.</summary>
internal sealed class TestWork
{
    private readonly List<Action> _done = [];
    private readonly List<(string Name, int Count)> _savepoints = [];

    internal void Add(Action done) => _done.Add(done);

    internal void Apply() => _done.ForEach(done => done());

    internal void Save(string name) => _savepoints.Add((name, _done.Count));

    internal void RollBackTo(string name)
    {
        var count = _savepoints[Find(name)].Count;
        _savepoints.RemoveRange(Find(name) + 1, _savepoints.Count - Find(name) - 1);
        _done.RemoveRange(count, _done.Count - count);
    }

    internal void Release(string name) => _savepoints.RemoveRange(Find(name), _savepoints.Count - Find(name));

    private int Find(string name) =>
        _savepoints.FindLastIndex(savepoint => savepoint.Name == name) is var index and >= 0 ? index : throw new InvalidOperationException($"no such savepoint: {name}");
}
