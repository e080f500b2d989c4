using Google.Protobuf;
using Temporalio.Api.WorkflowService.V1;

namespace Mainstay.TemporalServer.Storage;

/// <summary>Namespaces: one row each, and everything that belongs to one by its name.</summary>
internal sealed partial class Store
{
    /// <summary>Every namespace with its description.</summary>
    public async Task<List<DescribeNamespaceResponse>> NamespacesAsync(CancellationToken cancellationToken)
    {
        await using var read = source.CreateCommand("select description from namespace order by name");
        return await ReadAsync(read, DescribeNamespaceResponse.Parser, cancellationToken);
    }

    /// <summary>Adds a namespace; false when its name is taken.</summary>
    public async Task<bool> AddNamespaceAsync(DescribeNamespaceResponse description)
    {
        await using var add = source.CreateCommand("insert into namespace (name, description) values ($1, $2) on conflict do nothing");
        add.Parameters.Add(new() { Value = description.NamespaceInfo.Name });
        add.Parameters.Add(new() { Value = description.ToByteArray() });
        return await add.ExecuteNonQueryAsync() == 1;
    }

    /// <summary>Stores a namespace's changed description.</summary>
    public async Task UpdateNamespaceAsync(DescribeNamespaceResponse description)
    {
        await using var update = source.CreateCommand("update namespace set description = $2 where name = $1");
        update.Parameters.Add(new() { Value = description.NamespaceInfo.Name });
        update.Parameters.Add(new() { Value = description.ToByteArray() });
        await update.ExecuteNonQueryAsync();
    }

    /// <summary>Deletes the schedules of a namespace.</summary>
    public async Task DeleteSchedulesAsync(string @namespace, CancellationToken cancellationToken)
    {
        await using var delete = source.CreateCommand("delete from schedule where namespace = $1");
        delete.Parameters.Add(new() { Value = @namespace });
        await delete.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Runs of a namespace that are open or have still to tell others of their end, at most so many.</summary>
    public async Task<List<string>> AtWorkAsync(string @namespace, int most, CancellationToken cancellationToken)
    {
        await using var read = source.CreateCommand("select run_id from run where namespace = $1 and at_work limit $2");
        read.Parameters.Add(new() { Value = @namespace });
        read.Parameters.Add(new() { Value = most });
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        var found = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(reader.GetGuid(0).ToString());
        }

        return found;
    }

    /// <summary>Deletes a namespace that has no runs any more.</summary>
    public async Task DeleteNamespaceAsync(string name, CancellationToken cancellationToken)
    {
        await using var delete = source.CreateCommand("""
            with batches as (delete from batch_operation where namespace = $1),
                attributes as (delete from search_attribute where namespace = $1)
            delete from namespace where name = $1
            """);
        delete.Parameters.Add(new() { Value = name });
        await delete.ExecuteNonQueryAsync(cancellationToken);
    }
}
