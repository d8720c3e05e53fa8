namespace Carillon.Generators.Tests.Discovery;

public sealed class TypeKeysTests
{
    [Fact]
    public void Plans_follow_covariance_contravariance_and_both_together() => GeneratorTest.Approve("""
        using Carillon;

        internal class Entity;
        internal sealed class Order : Entity;

        internal interface ISaved<out T> { T Item { get; } }
        internal interface IAsk<in T> { void Answer(T item); }
        internal interface IBoth<in TIn, out TOut> { TOut Turn(TIn item); }

        internal sealed class OrderSaved : ISaved<Order> { public Order Item => new(); }
        internal sealed class EntityAsked : IAsk<Entity> { public void Answer(Entity item) { } }
        internal sealed class Turned : IBoth<Entity, Order> { public Order Turn(Entity item) => new(); }
        internal sealed class Nested : ISaved<ISaved<Order>> { public ISaved<Order> Item => new OrderSaved(); }

        // An event that refers to itself in a covariant place has no end of forms.
        internal sealed class Endless : ISaved<Endless> { public Endless Item => this; }

        internal static class Listeners
        {
            [OnEvent] public static void Entity(ISaved<Entity> e) { }
            [OnEvent] public static void Object(ISaved<object> e) { }
            [OnEvent] public static void Asked(IAsk<Order> e) { }
            [OnEvent] public static void Turn(IBoth<Order, Entity> e) { }
            [OnEvent] public static void NestedEntity(ISaved<ISaved<Entity>> e) { }
            [OnEvent] public static void On(OrderSaved e) { }
            [OnEvent] public static void On(EntityAsked e) { }
            [OnEvent] public static void On(Turned e) { }
            [OnEvent] public static void On(Nested e) { }
            [OnEvent] public static void On(Endless e) { }
        }
        """);

    [Fact]
    public void Another_closed_type_of_the_same_generic_is_another_event() => GeneratorTest.Approve("""
        using Carillon;

        internal sealed record Created<T>;

        internal static class Listeners
        {
            [OnEvent] public static void Strings(Created<string> e) { }
            [OnEvent] public static void Objects(Created<object> e) { }
        }
        """);
}
