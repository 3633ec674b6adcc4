// SPDX-License-Identifier: GPL-3.0-or-later
// Kitchen: where everything is at a moment. What stays the same is in kitchen_plan.cpp.
#include "engine/analysis/kitchen.h"

#include <algorithm>
#include <ranges>

namespace interleave::analysis {

using recording::SpanColumns;
using recording::TrackKind;

namespace {

constexpr std::size_t kLookBack = 16; // spans without a worker before one that has one

/// The last span of the outermost lane that begins by then.
std::optional<std::size_t> lastSpanBy(const SpanColumns& spans, Nanoseconds when) {
    if (spans.lanes().empty()) {
        return std::nullopt;
    }
    const auto& lane = spans.lanes().front();
    const auto indices = std::views::iota(lane.first, lane.end());
    const auto next =
        std::ranges::upper_bound(indices, when, {}, [&](std::size_t i) { return spans.begin[i]; });
    return next == indices.begin() ? std::nullopt : std::optional(*std::ranges::prev(next));
}

/// The one that covers the moment.
std::optional<std::size_t> spanAt(const SpanColumns& spans, Nanoseconds when) {
    const auto index = lastSpanBy(spans, when);
    return index && spans.rangeAt(*index).contains(when) ? index : std::nullopt;
}

void countDish(KitchenTotals& totals, const Dish& dish) {
    switch (dish.place) {
    case DishPlace::Rail:
        ++totals.onRail;
        break;
    case DishPlace::Stack:
        ++totals.stacked;
        break;
    case DishPlace::Hand:
        ++(dish.state == State::Running ? totals.cooking : totals.inHand);
        break;
    case DishPlace::Oven:
        ++totals.inOven;
        break;
    case DishPlace::Shelf:
        ++totals.onShelf;
        break;
    }
}

/// On a core for a moment, to look whether what its dish waits for is free.
bool onlyLooksWhetherItMay(const ChefAtWork& chef, const Dish& dish) {
    return chef.state == State::Running && chef.dish == dish.task &&
           (dish.state == State::WaitingGil || dish.state == State::WaitingLock);
}

} // namespace

DishPlace placeOf(State state) {
    switch (state) {
    case State::Queued:
        return DishPlace::Rail;
    case State::Reserved:
        return DishPlace::Stack;
    case State::WaitingIo:
        return DishPlace::Oven;
    case State::Sleeping:
    case State::Suspended:
    case State::Retrying:
        return DishPlace::Shelf;
    default:
        return DishPlace::Hand;
    }
}

std::optional<std::uint32_t> Kitchen::chefOf(WorkerId worker) const {
    if (worker.isNone() || worker.value > m_chefOfWorker.size() ||
        m_chefOfWorker[worker.value - 1] == kNoChef) {
        return std::nullopt;
    }
    return m_chefOfWorker[worker.value - 1];
}

std::size_t Kitchen::spanNear(TrackId track, Nanoseconds when) const {
    return lastSpanBy(m_recording->track(track).spans, when).value_or(0);
}

/// The chef of a span; of one that names no worker, who had the dish last.
std::uint32_t Kitchen::chefIn(const SpanColumns& spans, std::size_t index,
                              std::uint32_t home) const {
    const std::size_t last = index >= kLookBack ? index - kLookBack : 0;
    for (std::size_t i = index + 1; i-- > last;) {
        if (const auto chef = chefOf(spans.worker[i])) {
            return *chef;
        }
    }
    return home;
}

Dish Kitchen::dishAt(std::uint32_t task, Nanoseconds when) const {
    const Life& life = m_lives[task];
    Dish dish;
    dish.task = TaskId{task + 1};
    dish.place = DishPlace::Shelf;
    dish.rail = life.rail;
    dish.chef = life.home;
    dish.stay = life.range;
    if (life.track.isNone()) {
        return dish;
    }
    const SpanColumns& spans = m_recording->track(life.track).spans;
    const auto index = spanAt(spans, when);
    if (!index) {
        return dish;
    }
    dish.state = spans.state[*index];
    dish.place = placeOf(*dish.state);
    dish.stay = spans.rangeAt(*index);
    dish.cause = spans.cause[*index];
    dish.step = static_cast<std::uint32_t>(*index);
    dish.chef = dish.place == DishPlace::Rail ? kNoChef : chefIn(spans, *index, life.home);
    if (dish.chef == kNoChef && dish.place != DishPlace::Oven && dish.place != DishPlace::Shelf) {
        dish.place = DishPlace::Rail; // nobody has it, whatever it is called
    }
    if (*index > spans.lanes().front().first) {
        dish.placeBefore = placeOf(spans.state[*index - 1]);
        dish.chefBefore =
            *dish.placeBefore == DishPlace::Rail ? kNoChef : chefIn(spans, *index - 1, life.home);
    }
    return dish;
}

ChefAtWork Kitchen::chefAt(const Chef& chef, Nanoseconds when) const {
    ChefAtWork work;
    const TimeRange life = m_recording->worker(chef.worker).life;
    work.isPresent = life.isEmpty() || (life.beginNs <= when && when <= life.endNs);
    if (!chef.track) {
        return work;
    }
    const SpanColumns& spans = m_recording->track(*chef.track).spans;
    if (const auto index = spanAt(spans, when)) {
        work.isPresent = true;
        work.state = spans.state[*index];
        work.dish = spans.task[*index];
        work.sinceNs = spans.begin[*index];
        work.cause = spans.cause[*index];
    }
    return work;
}

void Kitchen::markStolen(KitchenMoment& moment, Nanoseconds recently) const {
    const auto first =
        std::ranges::lower_bound(m_thefts, moment.when - recently, {}, &Theft::timeNs);
    for (auto theft = first; theft != m_thefts.end() && theft->timeNs <= moment.when; ++theft) {
        const auto dish =
            std::ranges::lower_bound(moment.dishes, TaskId{theft->task}, {}, &Dish::task);
        if (dish != moment.dishes.end() && dish->task.value == theft->task) {
            dish->isStolen = true;
            dish->chefBefore = theft->from;
            dish->placeBefore = DishPlace::Stack;
        }
    }
}

KitchenMoment Kitchen::at(Nanoseconds when, Nanoseconds recently) const {
    KitchenMoment moment;
    moment.when = when;
    for (const Chef& chef : m_chefs) {
        moment.chefs.push_back(chefAt(chef, when));
    }
    for (std::uint32_t task = 0; task < m_lives.size(); ++task) {
        const Life& life = m_lives[task];
        if (when < life.range.beginNs) {
            ++moment.totals.toCome;
        } else if (when >= life.range.endNs && !(m_recording->isLive && !isEnd(life.end))) {
            ++(life.end == State::Failed      ? moment.totals.spoiled
               : life.end == State::Cancelled ? moment.totals.withdrawn
                                              : moment.totals.served);
        } else {
            moment.dishes.push_back(dishAt(task, when));
            countDish(moment.totals, moment.dishes.back());
        }
    }
    markStolen(moment, recently);
    for (const Dish& dish : moment.dishes) { // a thread that waits is told by its dish
        if (dish.place == DishPlace::Hand && dish.chef != kNoChef) {
            ChefAtWork& chef = moment.chefs[dish.chef];
            if (!chef.state || onlyLooksWhetherItMay(chef, dish)) {
                chef = {true, dish.state, dish.task, dish.stay.beginNs, chef.hasKnife, dish.cause};
            }
        }
    }
    for (const KitchenRoom& room : m_rooms) {
        std::uint32_t holder = kNoChef;
        if (!room.knife.isNone()) {
            if (const auto track = m_recording->trackOf(TrackKind::Lock, room.knife.value)) {
                const SpanColumns& spans = m_recording->track(*track).spans;
                if (const auto index = spanAt(spans, when)) {
                    holder = chefOf(spans.worker[*index]).value_or(kNoChef);
                }
            }
        }
        moment.knifeIn.push_back(holder);
        if (holder != kNoChef) {
            moment.chefs[holder].hasKnife = true;
        }
    }
    return moment;
}

} // namespace interleave::analysis
