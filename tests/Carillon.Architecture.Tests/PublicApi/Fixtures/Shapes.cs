using System.Diagnostics.CodeAnalysis;

namespace Carillon.Architecture.Tests.PublicApi.Fixtures;

#pragma warning disable CA1051, CA1720, CA2211, CA1052, CA1040, CA1034, CA1815, CA1066, CA1067, CA2231, CA2225, CA1045, CA1000, CA1008, CA1027, CA2217, CA1036 // shapes for the printer, not an API to use

public delegate TResult? Maker<in T, out TResult>(T from, ref int count, out string? why) where TResult : class;

[Flags]
public enum Colours : byte
{
    None = 0,
    Red = 1,
    Blue = 2,
}

public interface IShape<T> : ICloneable
    where T : notnull
{
    event Action<T?>? Changed;

    T? Value { get; }

    string this[int index, string? name = null] { get; }

    void Draw();

    void Scale() => Draw();
}

public abstract class Shapes<T> : IShape<T>, IEquatable<Shapes<T>>
    where T : notnull
{
    public const string Escaped = "a \"quoted\" one\n";

    protected static readonly Dictionary<string, List<T?>?> Known = [];

    private protected Shapes(T? value) => Value = value;

    protected Shapes(params IReadOnlyList<string?> names) => Value = default;

    public event Action<T?>? Changed
    {
        add { }
        remove { }
    }

    public T? Value { get; protected set; }

    public required (int Left, string? Right) Sides { get; init; }

    public int Hidden { private get; set; }

    public string this[int index, string? name = null] => name ?? "";

    public static bool operator ==(Shapes<T>? left, Shapes<T>? right) => ReferenceEquals(left, right);

    public static bool operator !=(Shapes<T>? left, Shapes<T>? right) => !(left == right);

    public static implicit operator string(Shapes<T> shape) => "";

    public abstract void Draw();

    public virtual TOther[]?[] Turn<TOther>(
        in int angle, Colours colours = Colours.Red | Colours.Blue, TimeSpan wait = default, DateTimeOffset? until = null, char sign = '"', object? @event = null)
        where TOther : struct =>
        [];

    public TOther Make<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TOther, TAny>(TAny any)
        where TOther : class?, new() =>
        new();

    public bool TryGet([NotNullWhen(true)] out string? text)
    {
        text = null;
        return false;
    }

    public bool Equals(Shapes<T>? other) => other == this;

    public sealed override bool Equals(object? obj) => obj is Shapes<T> other && Equals(other);

    public sealed override int GetHashCode() => 0;

    object ICloneable.Clone() => this;

    internal void Unseen()
    {
    }

    public readonly struct Nested<TInner>
    {
        public readonly TInner? Field;

        public Shapes<T>.Nested<TInner?>? Next => null;
    }
}

public sealed record Square(int Width, string? Name = null) : IComparable<Square>
{
    public int CompareTo(Square? other) => 0;
}

public readonly record struct Point(int X, int Y);

public ref struct Window
{
    public ReadOnlySpan<char> Text;
}

public static class Extensions
{
    [Obsolete("Use Draw.")]
    public static ref readonly int Paint<T>(this IShape<T> shape, in int colour)
        where T : notnull =>
        ref colour;
}

internal sealed class NotSeen;
