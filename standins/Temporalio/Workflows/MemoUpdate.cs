namespace Temporalio.Workflows;

/// <summary>One change of the memo.</summary>
public class MemoUpdate
{
    private readonly object? value;

    private MemoUpdate(string key, bool hasValue, object? value)
    {
        UntypedKey = key;
        HasValue = hasValue;
        this.value = value;
    }

    public bool HasValue { get; private init; }

    public string UntypedKey { get; private init; }

    public object UntypedValue => HasValue ? value! : throw new InvalidOperationException("Update does not have a value");

    public static MemoUpdate ValueSet(string key, object value) => new(key, true, value);

    public static MemoUpdate ValueUnset(string key) => new(key, false, null);
}
