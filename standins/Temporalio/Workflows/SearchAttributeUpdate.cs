namespace Temporalio.Workflows;

/// <summary>One change of a search attribute.</summary>
public abstract class SearchAttributeUpdate
{
    internal SearchAttributeUpdate()
    {
    }

    public bool HasValue { get; internal init; }

    public abstract SearchAttributeKey UntypedKey { get; }

    public abstract object UntypedValue { get; }

    public static SearchAttributeUpdate<T> ValueSet<T>(SearchAttributeKey<T> key, T value)
        where T : notnull => new(key, true, value);

    public static SearchAttributeUpdate<T> ValueUnset<T>(SearchAttributeKey<T> key)
        where T : notnull => new(key, false, default);
}

/// <summary>One change of a search attribute of a known type.</summary>
public class SearchAttributeUpdate<T> : SearchAttributeUpdate
    where T : notnull
{
    private readonly T? value;

    internal SearchAttributeUpdate(SearchAttributeKey<T> key, bool hasValue, T? value)
    {
        Key = key;
        HasValue = hasValue;
        this.value = value;
    }

    public SearchAttributeKey<T> Key { get; private init; }

    public T Value => HasValue ? value! : throw new InvalidOperationException("Update does not have a value");

    public override SearchAttributeKey UntypedKey => Key;

    public override object UntypedValue => Value;
}
