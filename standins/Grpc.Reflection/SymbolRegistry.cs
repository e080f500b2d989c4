using Google.Protobuf.Reflection;

namespace Grpc.Reflection;

/// <summary>Finds the files that declare names, among files and all that they import.</summary>
public class SymbolRegistry
{
    private readonly Dictionary<string, FileDescriptor> filesByName = [];
    private readonly Dictionary<string, FileDescriptor> filesBySymbol = [];

    private SymbolRegistry()
    {
    }

    /// <summary>Creates a registry of files and all that they import.</summary>
    public static SymbolRegistry FromFiles(IEnumerable<FileDescriptor> fileDescriptors)
    {
        var registry = new SymbolRegistry();
        foreach (var file in fileDescriptors)
        {
            registry.Add(file);
        }

        return registry;
    }

    /// <summary>The file of a name; null when there is none.</summary>
    public FileDescriptor? FileByName(string filename) => filesByName.GetValueOrDefault(filename);

    /// <summary>The file that declares a symbol; null when there is none.</summary>
    public FileDescriptor? FileContainingSymbol(string symbol) => filesBySymbol.GetValueOrDefault(symbol);

    private void Add(FileDescriptor file)
    {
        if (!filesByName.TryAdd(file.Name, file))
        {
            return;
        }

        foreach (var dependency in file.Dependencies)
        {
            Add(dependency);
        }

        foreach (var service in file.Services)
        {
            filesBySymbol[service.FullName] = file;
            foreach (var method in service.Methods)
            {
                filesBySymbol[method.FullName] = file;
            }
        }

        foreach (var message in file.MessageTypes)
        {
            Add(message);
        }

        Add(file.EnumTypes);
    }

    private void Add(MessageDescriptor message)
    {
        filesBySymbol[message.FullName] = message.File;
        foreach (var field in message.Fields.InDeclarationOrder())
        {
            filesBySymbol[field.FullName] = message.File;
        }

        foreach (var nested in message.NestedTypes)
        {
            Add(nested);
        }

        Add(message.EnumTypes);
    }

    private void Add(IEnumerable<EnumDescriptor> enums)
    {
        foreach (var each in enums)
        {
            filesBySymbol[each.FullName] = each.File;
            foreach (var value in each.Values)
            {
                filesBySymbol[value.FullName] = each.File;
            }
        }
    }
}
