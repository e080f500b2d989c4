using System.Collections;
using Temporalio.Api.Common.V1;

namespace Temporalio.Common;

/// <summary>An unchanging set of typed search attributes.</summary>
public class SearchAttributeCollection : IReadOnlyCollection<SearchAttributeKey>
{
    public static readonly SearchAttributeCollection Empty = new();

    private readonly SortedDictionary<SearchAttributeKey, object> values;

    internal SearchAttributeCollection(IEnumerable<KeyValuePair<SearchAttributeKey, object>>? values = null) =>
        this.values = new((values ?? []).ToDictionary(x => x.Key, x => x.Value));

    public int Count => values.Count;

    public IReadOnlyDictionary<SearchAttributeKey, object> UntypedValues => values;

    /// <summary>Reads attributes from their wire form; attributes without a known type are left out.</summary>
    public static SearchAttributeCollection FromProto(SearchAttributes searchAttributes) =>
        new(searchAttributes.IndexedFields
            .Select(field => SearchAttributePayload.Read(field.Key, field.Value))
            .OfType<KeyValuePair<SearchAttributeKey, object>>());

    public T Get<T>(SearchAttributeKey<T> key)
        where T : notnull =>
        TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"No search attribute {key.Name}");

    public bool TryGetValue<T>(SearchAttributeKey<T> key, out T value)
        where T : notnull
    {
        var found = values.TryGetValue(key, out var untyped);
        value = found ? (T)untyped! : default!;
        return found;
    }

    public bool ContainsKey<T>(SearchAttributeKey<T> key)
        where T : notnull => values.ContainsKey(key);

    public bool ContainsKey(string key) => values.Keys.Any(known => known.Name == key);

    public IEnumerator<SearchAttributeKey> GetEnumerator() => values.Keys.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Writes the wire form.</summary>
    public SearchAttributes ToProto()
    {
        var proto = new SearchAttributes();
        foreach (var (key, value) in values)
        {
            proto.IndexedFields.Add(key.Name, SearchAttributePayload.Write(key, value));
        }

        return proto;
    }

    /// <summary>Collects attributes for a new <see cref="SearchAttributeCollection" />.</summary>
    public class Builder
    {
        private readonly Dictionary<SearchAttributeKey, object> values = [];

        public Builder()
        {
        }

        public Builder(SearchAttributeCollection searchAttributes) => Set(searchAttributes);

        public Builder Set<T>(SearchAttributeKey<T> key, T value)
            where T : notnull => SetUntyped(key, value);

        public Builder Set(SearchAttributeCollection searchAttributes)
        {
            foreach (var (key, value) in searchAttributes.values)
            {
                SetUntyped(key, value);
            }

            return this;
        }

        public Builder Unset(SearchAttributeKey key) => Unset(key.Name);

        public Builder Unset(string name)
        {
            foreach (var key in values.Keys.Where(key => key.Name == name).ToList())
            {
                values.Remove(key);
            }

            return this;
        }

        public SearchAttributeCollection ToSearchAttributeCollection() => new(values);

        internal Builder SetUntyped(SearchAttributeKey key, object value)
        {
            Unset(key.Name);
            values[key] = value;
            return this;
        }
    }
}
