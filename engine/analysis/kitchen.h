// SPDX-License-Identifier: GPL-3.0-or-later
// Kitchen: a recording told as a kitchen. A process is a kitchen, a worker a chef, a task a dish;
// the interpreter lock is the one knife of a kitchen, waiting for I/O is time in the oven, a queue
// is a rail of orders. Prepared once for a recording; where everything is at a moment is then
// found by binary search in each dish that has been ordered and not been served. Draws nothing.
#pragma once

#include "engine/recording/recording.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace interleave::analysis {

enum class DishPlace : std::uint8_t {
    Rail,  // an order that nobody has taken
    Stack, // on a chef's board, not begun: reserved
    Hand,  // a chef's own: cooked, or about to be as soon as a core, the knife or a lock is free
    Oven,  // waits for I/O and needs no chef
    Shelf, // waits for a timer, another dish, the next try; or nothing is known
};
inline constexpr std::uint32_t kNoChef = ~0U;

/// Where a dish in this state is.
DishPlace placeOf(State state);

struct Chef {
    WorkerId worker{};
    std::optional<TrackId> track{};
    std::uint32_t kitchen = 0;
};

struct KitchenRoom {
    std::uint32_t pid = 0;
    std::string name;
    std::vector<std::uint32_t> chefs; // indices
    ObjectId knife{};                 // none: everybody has one
    std::uint32_t mostInOven = 0;     // at once, over the whole run
    std::uint32_t mostOnShelf = 0;
};

struct Rail {
    ObjectId queue{}; // none: orders that lie in no queue of a broker
    std::string name;
};

struct Dish {
    TaskId task{};
    std::optional<State> state{}; // none: not known
    DishPlace place = DishPlace::Rail;
    std::uint32_t chef = kNoChef; // who has it; in the oven and on the shelf: who had it
    std::uint32_t rail = 0;
    TimeRange stay{};       // in this state
    StringId cause{};       // what it waits for
    std::uint32_t step = 0; // how many states it had before
    std::optional<DishPlace> placeBefore{};
    std::uint32_t chefBefore = kNoChef;
    bool isStolen = false; // from chefBefore, a moment ago
};

struct ChefAtWork {
    bool isPresent = false;       // hired, not gone
    std::optional<State> state{}; // none: idle
    TaskId dish{};                // that is in hand
    Nanoseconds sinceNs = 0;      // in this state
    bool hasKnife = false;
    StringId cause{};
};

struct KitchenTotals {
    std::uint64_t toCome = 0; // not yet ordered
    std::uint64_t onRail = 0;
    std::uint64_t stacked = 0;
    std::uint64_t cooking = 0; // running
    std::uint64_t inHand = 0;  // of a chef who can't go on
    std::uint64_t inOven = 0;
    std::uint64_t onShelf = 0;
    std::uint64_t served = 0;
    std::uint64_t spoiled = 0;   // failed
    std::uint64_t withdrawn = 0; // cancelled

    std::uint64_t ordered() const {
        return onRail + stacked + cooking + inHand + inOven + onShelf + served + spoiled +
               withdrawn;
    }
};

struct KitchenMoment {
    Nanoseconds when = 0;
    std::vector<Dish> dishes;           // ordered and not served, by task
    std::vector<ChefAtWork> chefs;      // by chef
    std::vector<std::uint32_t> knifeIn; // by kitchen: which chef has the knife
    KitchenTotals totals;
};

class Kitchen {
public:
    explicit Kitchen(std::shared_ptr<const recording::Recording> recording);

    const std::shared_ptr<const recording::Recording>& recording() const { return m_recording; }
    const std::vector<KitchenRoom>& rooms() const { return m_rooms; }
    const std::vector<Chef>& chefs() const { return m_chefs; }
    const std::vector<Rail>& rails() const { return m_rails; }
    /// There is nobody who could be drawn.
    bool isEmpty() const { return m_chefs.empty(); }
    bool hasOrders() const { return m_hasOrders; }
    std::optional<std::uint32_t> chefOf(WorkerId worker) const;
    /// The span of a track at a moment, or the last one before; the track has some.
    std::size_t spanNear(TrackId track, Nanoseconds when) const;

    /// `recently`: how long ago a dish was stolen that still counts as stolen.
    KitchenMoment at(Nanoseconds when, Nanoseconds recently) const;
    /// When most dishes were somebody's: at the end of a run there is nothing to see.
    Nanoseconds busiestNs() const { return m_busiestNs; }

private:
    struct Life {
        TimeRange range;
        TrackId track{};
        std::uint32_t home = kNoChef; // the chef who has it first
        std::uint32_t rail = 0;
        State end = State::Cancelled;
    };
    struct Theft {
        Nanoseconds timeNs = 0;
        std::uint32_t task = 0;
        std::uint32_t from = kNoChef;
    };

    void addRooms();
    void addKnives();
    void addRails();
    void addLives();
    void addThefts();
    void countPlaces();
    std::uint32_t chefIn(const recording::SpanColumns& spans, std::size_t index,
                         std::uint32_t home) const;
    Dish dishAt(std::uint32_t task, Nanoseconds when) const;
    ChefAtWork chefAt(const Chef& chef, Nanoseconds when) const;
    void markStolen(KitchenMoment& moment, Nanoseconds recently) const;

    std::shared_ptr<const recording::Recording> m_recording;
    std::vector<KitchenRoom> m_rooms;
    std::vector<Chef> m_chefs;
    std::vector<std::uint32_t> m_chefOfWorker; // index: WorkerId.value - 1
    std::vector<Rail> m_rails;
    std::vector<Life> m_lives; // index: TaskId.value - 1
    std::vector<Theft> m_thefts;
    Nanoseconds m_busiestNs = 0;
    bool m_hasOrders = false;
};

} // namespace interleave::analysis
