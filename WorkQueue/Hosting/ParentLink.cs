using System.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace Keda.Inference.WorkQueue;

/// <summary>
/// Ends this process when its parent does, however that ended: a parent that sets <c>ExitWithParent=true</c> keeps the other end
/// of the standard input, which closes with it.
/// </summary>
public static class ParentLink
{
    /// <summary>The configuration key.</summary>
    public const string Key = "ExitWithParent";

    internal static void Watch(IConfiguration configuration)
    {
        if (!bool.TryParse(configuration[Key], out var wanted) || !wanted)
            return;
        var watch = new Thread(() =>
        {
            using var input = Console.OpenStandardInput();
            var buffer = new byte[64];
            while (input.Read(buffer) > 0)
            {
                // nothing is ever sent
            }

            // Nobody is left to answer to; what is claimed comes back by its lease.
            Process.GetCurrentProcess().Kill();
        })
        { IsBackground = true, Name = "parent link" };
        watch.Start();
    }
}
