using System.Collections.Concurrent;
using Mainstay.TemporalServer.Storage;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;

namespace Mainstay.TemporalServer.Visibility;

/// <summary>Which search attributes there are, and of what type: the server's own, and those that users registered, all in memory.</summary>
internal sealed class SearchAttributeCatalog(Store store)
{
    private readonly ConcurrentDictionary<(string Namespace, string Name), IndexedValueType> custom = new();

    /// <summary>Lets go of the attributes of a namespace that is given up.</summary>
    public void Forget(string @namespace)
    {
        foreach (var key in custom.Keys.Where(k => k.Namespace == @namespace))
        {
            custom.TryRemove(key, out _);
        }
    }

    /// <summary>Attributes that are there without being registered, for SDKs and schedules to set.</summary>
    public static IReadOnlyDictionary<string, IndexedValueType> Predefined { get; } = new Dictionary<string, IndexedValueType>
    {
        ["BatcherNamespace"] = IndexedValueType.Keyword,
        ["BatcherUser"] = IndexedValueType.Keyword,
        ["BinaryChecksums"] = IndexedValueType.KeywordList,
        ["BuildIds"] = IndexedValueType.KeywordList,
        ["TemporalChangeVersion"] = IndexedValueType.KeywordList,
        ["TemporalExternalPayloadCount"] = IndexedValueType.Int,
        ["TemporalExternalPayloadSizeBytes"] = IndexedValueType.Int,
        ["TemporalNamespaceDivision"] = IndexedValueType.Keyword,
        ["TemporalPauseInfo"] = IndexedValueType.KeywordList,
        ["TemporalReportedProblems"] = IndexedValueType.KeywordList,
        ["TemporalScheduledById"] = IndexedValueType.Keyword,
        ["TemporalScheduledStartTime"] = IndexedValueType.Datetime,
        ["TemporalSchedulePaused"] = IndexedValueType.Bool,
        ["TemporalUsedWorkerDeploymentVersions"] = IndexedValueType.KeywordList,
        ["TemporalWorkerDeployment"] = IndexedValueType.Keyword,
        ["TemporalWorkerDeploymentVersion"] = IndexedValueType.Keyword,
        ["TemporalWorkflowVersioningBehavior"] = IndexedValueType.Keyword,
    };

    /// <summary>Reads what users registered.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        foreach (var (@namespace, name, type) in await store.SearchAttributesAsync(cancellationToken))
        {
            custom[(@namespace, name)] = type;
        }
    }

    /// <summary>What users registered in a namespace.</summary>
    public Dictionary<string, IndexedValueType> Custom(string @namespace) =>
        custom.Where(a => a.Key.Namespace == @namespace).ToDictionary(a => a.Key.Name, a => a.Value);

    /// <summary>Registers attributes; one that is there with another type stays as it is.</summary>
    public async Task AddAsync(string @namespace, string name, IndexedValueType type)
    {
        await store.AddSearchAttributeAsync(@namespace, name, type);
        custom.TryAdd((@namespace, name), type);
    }

    /// <summary>Forgets an attribute; false when there is none of the name.</summary>
    public async Task<bool> RemoveAsync(string @namespace, string name)
    {
        await store.RemoveSearchAttributeAsync(@namespace, name);
        return custom.TryRemove((@namespace, name), out _);
    }

    /// <summary>The type of an attribute that may be set or asked for, nothing when there is none of the name.</summary>
    public IndexedValueType? TypeOf(string @namespace, string name) =>
        custom.TryGetValue((@namespace, name), out var type) || Predefined.TryGetValue(name, out type) ? type : null;

    /// <summary>The values with their types noted in them; throws <see cref="SearchAttributeException"/> for those that cannot be.</summary>
    public SearchAttributes? Check(string @namespace, SearchAttributes? asked)
    {
        if (asked is null || asked.IndexedFields.Count == 0)
        {
            return asked;
        }

        var known = new SearchAttributes();
        foreach (var (name, value) in asked.IndexedFields)
        {
            if (RunColumns.All.ContainsKey(name))
            {
                throw new SearchAttributeException($"{name} attribute can't be set in SearchAttributes");
            }

            var type = TypeOf(@namespace, name)
                ?? throw new SearchAttributeException($"Namespace {@namespace} has no mapping defined for search attribute {name}");
            known.IndexedFields[name] = AttributeValue.Typed(name, type, value);
        }

        return known;
    }
}

/// <summary>A search attribute that does not exist, or a value that it cannot have.</summary>
internal sealed class SearchAttributeException(string message) : Exception(message);
